package dev.migrate.verify.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** The nodes: each that dies is started anew under another name, until the cluster is closed. Thread-safe. */
final class Cluster implements NodeProcess.Observer, AutoCloseable {
    private static final Duration LONGEST_START = Duration.ofSeconds(90);
    private final Options options;
    private final Databases databases;
    private final Path directory;
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger kills = new AtomicInteger();
    private final AtomicInteger killsInside = new AtomicInteger();
    private final List<Handover> handovers = new CopyOnWriteArrayList<>();
    private final AtomicInteger parked = new AtomicInteger();
    private final List<String> unexpected = new CopyOnWriteArrayList<>();
    private volatile boolean killsNextHolder;
    private volatile long killsHolderAfter;
    private boolean isClosed;

    Cluster(Options options, Databases databases, Path directory) throws IOException {
        this.options = options;
        this.databases = databases;
        this.directory = directory;
        for (int number = 0; number < Options.NODES; number++) {
            nodes.add(start(number));
        }
    }

    private NodeProcess start(int number) throws IOException {
        String name = "node" + number + "." + started.incrementAndGet();
        int clients = options.clients() / Options.NODES + (number < options.clients() % Options.NODES ? 1 : 0);
        NodeSetup setup = new NodeSetup(
                name,
                databases.legacy,
                databases.target,
                directory,
                clients,
                options.perSecond(),
                options.keys(),
                options.seed(),
                options.workload(),
                options.lacking());
        return NodeProcess.start(setup, directory.resolve("log"), this);
    }

    /** A running node. */
    NodeProcess any(RandomGenerator random) {
        long deadline = System.nanoTime() + LONGEST_START.toNanos();
        List<NodeProcess> running = running();
        while (running.isEmpty()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("no node has come up within " + LONGEST_START);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            running = running();
        }
        return running.get(random.nextInt(running.size()));
    }

    synchronized List<NodeProcess> running() {
        return nodes.stream().filter(NodeProcess::isRunning).toList();
    }

    /** Waits until all nodes are running. */
    List<NodeProcess> all() {
        long deadline = System.nanoTime() + LONGEST_START.toNanos();
        List<NodeProcess> running = running();
        while (running.size() < Options.NODES) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("only " + running.size() + " nodes are running after " + LONGEST_START);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            running = running();
        }
        return running;
    }

    /** The next node that begins to hold writes for a handover is killed so many nanoseconds later. */
    void killNextHolder(long nanosLater) {
        killsHolderAfter = nanosLater;
        killsNextHolder = true;
    }

    /** Takes that back; whether it was still to come. */
    boolean spareNextHolder() {
        boolean wasToCome = killsNextHolder;
        killsNextHolder = false;
        return wasToCome;
    }

    @Override
    public void holding(NodeProcess node) {
        if (killsNextHolder) {
            killsNextHolder = false;
            LockSupport.parkNanos(killsHolderAfter);
            node.kill();
        }
    }

    @Override
    public void handedOver(Handover handover) {
        handovers.add(handover);
    }

    @Override
    public void parked() {
        parked.incrementAndGet();
    }

    @Override
    public synchronized void ended(NodeProcess node) {
        if (isClosed || node.wasToldToQuit()) {
            return;
        }
        if (node.wasKilled()) {
            kills.incrementAndGet();
            killsInside.addAndGet(node.isHolding() ? 1 : 0);
        } else {
            unexpected.add("node " + node.name + " ended by itself; see its log");
        }
        try {
            int number = nodes.indexOf(node);
            nodes.set(number, start(number));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    int kills() {
        return kills.get();
    }

    int killsInside() {
        return killsInside.get();
    }

    /** How often a node has parked a key. */
    int parkings() {
        return parked.get();
    }

    List<Handover> handovers() {
        return List.copyOf(handovers);
    }

    /** What nobody has asked for. */
    List<String> unexpected() {
        return List.copyOf(unexpected);
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        nodes.forEach(NodeProcess::kill);
    }
}
