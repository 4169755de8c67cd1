package dev.migrate.verify.cluster;

import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Kills a node every few seconds, every other time one that is making a handover, where one is; and stops one for longer than its lease now and then. */
final class Havoc implements AutoCloseable {
    private static final long MOST_NANOS_INTO_A_HANDOVER = TimeUnit.MILLISECONDS.toNanos(40);
    private static final long PATIENCE_MILLIS = Options.BETWEEN_KILLS.toMillis() * 4 / 5;
    private static final long RETRY_MILLIS = 200;
    private final Cluster cluster;
    private final SplittableRandom random;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger stops = new AtomicInteger();
    private boolean killsHolder;

    Havoc(Cluster cluster, Options options) {
        this.cluster = cluster;
        this.random = new SplittableRandom(options.seed());
        if (options.kills()) {
            long kill = Options.BETWEEN_KILLS.toMillis();
            var unusedKills = timer.scheduleAtFixedRate(this::kill, kill / 2, kill, TimeUnit.MILLISECONDS);
            long stop = Options.BETWEEN_STOPS.toMillis();
            var unusedStops =
                    timer.scheduleAtFixedRate(this::stop, options.firstStop().toMillis(), stop, TimeUnit.MILLISECONDS);
        }
    }

    private void kill() {
        killsHolder = !killsHolder;
        if (killsHolder) {
            cluster.killNextHolder(random.nextLong(MOST_NANOS_INTO_A_HANDOVER));
            var unused = timer.schedule(this::killAnyIfNoneHeld, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            killAny();
        }
    }

    private void killAnyIfNoneHeld() {
        if (cluster.spareNextHolder()) {
            killAny();
        }
    }

    private void killAny() {
        List<NodeProcess> running = cluster.running();
        if (running.size() > 1) {
            running.get(random.nextInt(running.size())).kill();
        } else if (!timer.isShutdown()) {
            var unused = timer.schedule(this::killAny, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void stop() {
        List<NodeProcess> running = cluster.running();
        if (running.isEmpty()) {
            return;
        }
        NodeProcess node = running.get(random.nextInt(running.size()));
        try {
            node.stop();
            var unused = timer.schedule(() -> goOn(node), Options.STOPPED_FOR.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException("node " + node.name + " could not be stopped", failure);
        }
    }

    private void goOn(NodeProcess node) {
        try {
            node.goOn();
            stops.incrementAndGet();
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException("node " + node.name + " could not go on", failure);
        }
    }

    int stops() {
        return stops.get();
    }

    /** Kills nobody any more, and lets go on whoever is stopped. */
    @Override
    public void close() throws InterruptedException {
        cluster.spareNextHolder();
        timer.shutdown(); // what repeats ends; a node that is stopped goes on at its time
        timer.awaitTermination(Options.STOPPED_FOR.toMillis() * 2, TimeUnit.MILLISECONDS);
        cluster.spareNextHolder();
    }
}
