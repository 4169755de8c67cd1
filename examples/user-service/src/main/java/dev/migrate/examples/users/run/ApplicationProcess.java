package dev.migrate.examples.users.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The application in a JVM of its own, as its launcher sees it. For one thread. */
final class ApplicationProcess implements AutoCloseable {

    private final Process process;
    private final BlockingQueue<Optional<Message>> messages = new LinkedBlockingQueue<>();
    private boolean ended;

    private ApplicationProcess(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "application-output");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts the application.
     *
     * @param log what the application logs is appended here
     */
    static ApplicationProcess start(String legacyUrl, String targetUrl, Path receipts, Options options, Path log)
            throws IOException {
        return new ApplicationProcess(new ProcessBuilder(command(legacyUrl, targetUrl, receipts, options))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start());
    }

    /** The application on this process's Java and class path. */
    static List<String> command(String legacyUrl, String targetUrl, Path receipts, Options options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dfile.encoding=UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                Application.class.getName(),
                legacyUrl,
                targetUrl,
                receipts.toString()));
        command.addAll(options.arguments());
        return command;
    }

    long pid() {
        return process.pid();
    }

    /**
     * Waits for the next message.
     *
     * @return empty if the application says nothing for so long, or has ended
     */
    Optional<Message> next(Duration atMost) throws InterruptedException {
        Optional<Message> message = messages.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
        if (message == null) {
            return Optional.empty();
        }
        ended = message.isEmpty();
        return message;
    }

    /** Whether its last message has been taken. */
    boolean hasEnded() {
        return ended;
    }

    /** Kills it with SIGKILL, and returns when it is dead. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Waits for its end. */
    int exitCode() {
        return process.onExit().join().exitValue();
    }

    /** Leaves no process behind. */
    @Override
    public void close() {
        kill();
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                messages.add(Optional.of(Message.decode(line).orElse(new Message.Note(line))));
            }
        } catch (IOException e) {
            messages.add(Optional.of(new Message.Note("the application's output broke off: " + e.getMessage())));
        } finally {
            messages.add(Optional.empty());
        }
    }
}
