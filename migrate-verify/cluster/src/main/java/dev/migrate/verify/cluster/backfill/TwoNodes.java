package dev.migrate.verify.cluster.backfill;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Two nodes at work on one backfill; one that is killed is started anew under another name. Used by one thread. */
final class TwoNodes implements AutoCloseable {
    private static final int NODES = 2;
    private static final Duration LONGEST = Duration.ofMinutes(4);
    private static final Duration LONGEST_END = Duration.ofSeconds(30);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private final Options options;
    private final Databases databases;
    private final Path log;
    private final List<CopyProcess> nodes = new ArrayList<>();
    private final List<CopyProcess> killed = new ArrayList<>();

    TwoNodes(Options options, Databases databases, Path directory) throws IOException {
        this.options = options;
        this.databases = databases;
        this.log = directory.resolve("log");
        for (int number = 0; number < NODES; number++) {
            nodes.add(start(number));
        }
    }

    private CopyProcess start(int number) throws IOException {
        NodeSetup setup = new NodeSetup(
                "node" + number + "." + killed.size(),
                number == 0 && options.variant() != Variant.ONE_CHUNK,
                databases.legacy,
                databases.target,
                options);
        return CopyProcess.start(setup, log);
    }

    /**
     * Waits until both are copying, or so much of the table is copied that there would be none left for later kills.
     *
     * @return false where a node has ended by itself, or there is nothing left to do
     */
    boolean awaitBothCopying(double share) {
        int enough = (int) (share * options.chunks());
        await(() -> nodes.stream().allMatch(node -> node.copied() > 0) || copied() >= enough);
        return ended().isEmpty() && nodes.stream().noneMatch(CopyProcess::isDone);
    }

    /** Returns whether both have seen the end of the backfill. */
    boolean awaitDone() {
        await(() -> nodes.stream().allMatch(CopyProcess::isDone));
        return nodes.stream().allMatch(CopyProcess::isDone);
    }

    /** Until it is so, or a node has ended by itself. */
    private void await(BooleanSupplier isSo) {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (!isSo.getAsBoolean() && ended().isEmpty()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("the nodes have copied " + copied() + " of about " + options.chunks()
                        + " chunks, and nothing has come of it after " + LONGEST + ": " + inVain());
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Kills some nodes, at one moment as far as that can be, and starts others in their places. */
    void kill(List<Integer> numbers) throws IOException, InterruptedException {
        numbers.forEach(number -> nodes.get(number).kill());
        for (int number : numbers) {
            CopyProcess dead = nodes.get(number);
            dead.awaitEnd(LONGEST_END);
            killed.add(dead);
            nodes.set(number, start(number));
        }
    }

    int killed() {
        return killed.size();
    }

    private int copied() {
        return all().stream().mapToInt(CopyProcess::copied).sum();
    }

    /** What ended runs of the backfill before it was done, beside the kills. */
    List<String> inVain() {
        return all().stream().flatMap(node -> node.inVain().stream()).toList();
    }

    /** The nodes that have ended by themselves. */
    List<String> ended() {
        return nodes.stream()
                .filter(node -> !node.isAlive())
                .map(node -> node.name + " ended by itself; see its log")
                .toList();
    }

    private List<CopyProcess> all() {
        List<CopyProcess> all = new ArrayList<>(killed);
        all.addAll(nodes);
        return all;
    }

    /** Lets both end in good order. */
    void rest() throws InterruptedException {
        nodes.forEach(CopyProcess::endInput);
        for (CopyProcess node : nodes) {
            node.awaitEnd(LONGEST_END);
        }
    }

    @Override
    public void close() {
        nodes.forEach(CopyProcess::kill);
    }
}
