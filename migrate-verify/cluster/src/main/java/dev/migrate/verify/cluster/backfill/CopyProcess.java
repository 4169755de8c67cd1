package dev.migrate.verify.cluster.backfill;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A node as its parent sees it. Thread-safe. */
final class CopyProcess {
    final String name;
    private final Process process;
    private final AtomicInteger copied = new AtomicInteger();
    private final List<String> inVain = new CopyOnWriteArrayList<>();
    private volatile @Nullable String report;

    private CopyProcess(String name, Process process) {
        this.name = name;
        this.process = process;
    }

    static CopyProcess start(NodeSetup setup, Path log) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + Options.HEAP + "m",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CopyNode.class.getName()));
        command.addAll(setup.arguments());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        CopyProcess node = new CopyProcess(setup.name(), process);
        Thread reader = new Thread(node::listen, "node-" + setup.name());
        reader.setDaemon(true);
        reader.start();
        return node;
    }

    private void listen() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                hear(line.split("\t", 2));
            }
        } catch (IOException brokenOff) {
            inVain.add("the output of node " + name + " broke off: " + brokenOff.getMessage());
        }
    }

    private void hear(String[] words) {
        switch (words[0]) {
            case "copied" -> copied.incrementAndGet();
            case "again" -> inVain.add(words[1]);
            case "done" -> report = words[1];
            default -> inVain.add("node " + name + " said '" + words[0] + "'");
        }
    }

    /** How many chunks it has copied. */
    int copied() {
        return copied.get();
    }

    boolean isDone() {
        return report != null;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What ended a run of its backfill before it was done. */
    List<String> inVain() {
        return List.copyOf(inVain);
    }

    /** Sends SIGKILL, and returns at once. */
    void kill() {
        process.toHandle().destroyForcibly();
    }

    void awaitEnd(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("node " + name + " has not ended within " + limit);
        }
    }

    /** Has it end in good order, and returns at once. */
    void endInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
