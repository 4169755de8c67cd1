package dev.migrate.verify.cluster;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A node as its parent sees it. Commands are given by one thread at a time; the rest is thread-safe. */
final class NodeProcess {
    private static final Answer DIED = new Answer(false, "the node died");

    /** What a node says to a command. */
    record Answer(boolean isOk, String text) {}

    /** Hears of what nodes do, on a thread of the node's own. */
    interface Observer {
        /** The node has begun a handover: it holds, or is about to hold, writes of some keys. */
        void holding(NodeProcess node);

        /** The node has completed a handover. */
        void handedOver(Handover handover);

        /** The node has given up a key until somebody decides. */
        void parked();

        /** The node has ended. */
        void ended(NodeProcess node);
    }

    final String name;
    private final Process process;
    private final Writer commands;
    private final Observer observer;
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private volatile boolean isReady;
    private volatile boolean isStopped;
    private volatile boolean isHolding;
    private volatile boolean wasKilled;
    private volatile boolean wasToldToQuit;
    private volatile boolean hasEnded;

    private NodeProcess(String name, Process process, Observer observer) {
        this.name = name;
        this.process = process;
        this.observer = observer;
        this.commands = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    }

    static NodeProcess start(NodeSetup setup, Path log, Observer observer) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx160m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ClusterNode.class.getName()));
        command.addAll(setup.arguments());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        NodeProcess node = new NodeProcess(setup.name(), process, observer);
        Thread reader = new Thread(node::listen, "node-" + setup.name());
        reader.setDaemon(true);
        reader.start();
        return node;
    }

    private void listen() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                hear(line.split("\t", -1));
            }
        } catch (IOException brokenOff) {
            answers.add(new Answer(false, "the node's output broke off: " + brokenOff.getMessage()));
        } finally {
            process.onExit().join();
            hasEnded = true;
            answers.add(DIED);
            observer.ended(this);
        }
    }

    private void hear(String[] words) {
        switch (words[0]) {
            case "ready" -> isReady = true;
            case "holding" -> {
                isHolding = true;
                observer.holding(this);
            }
            case "handed" -> {
                isHolding = false;
                observer.handedOver(Handover.parse(words));
            }
            case "parked" -> observer.parked();
            case "abandoned" -> isHolding = false;
            case "answer" -> answers.add(new Answer(words[1].equals("ok"), words[2]));
            default -> answers.add(new Answer(false, "the node said '" + words[0] + "'"));
        }
    }

    /** Gives a command and waits for its answer. */
    Answer ask(Duration limit, String... words) throws InterruptedException {
        if (hasEnded) {
            return DIED;
        }
        try {
            commands.write(String.join("\t", words) + "\n");
            commands.flush();
        } catch (IOException closed) {
            return DIED;
        }
        @Nullable Answer answer = answers.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (answer == null) {
            throw new IllegalStateException("node " + name + " has not answered '" + words[0] + "' within " + limit);
        }
        return answer;
    }

    void quit(Duration limit) throws InterruptedException {
        wasToldToQuit = true;
        ask(limit, "quit");
        process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Kills it with SIGKILL; what it has said before is heard to the end. */
    void kill() {
        wasKilled = true;
        try {
            signal("-KILL");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    /** Stops all its threads with SIGSTOP, until {@link #goOn}. */
    void stop() throws IOException, InterruptedException {
        isStopped = true;
        signal("-STOP");
    }

    /** Lets it go on with SIGCONT. */
    void goOn() throws IOException, InterruptedException {
        signal("-CONT");
        isStopped = false;
    }

    private void signal(String which) throws IOException, InterruptedException {
        new ProcessBuilder("kill", which, String.valueOf(process.pid())).start().waitFor();
    }

    boolean isRunning() {
        return isReady && !hasEnded && !wasKilled && !isStopped;
    }

    /** Whether it holds writes for a handover, or did when it died. */
    boolean isHolding() {
        return isHolding;
    }

    boolean wasKilled() {
        return wasKilled;
    }

    boolean wasToldToQuit() {
        return wasToldToQuit;
    }
}
