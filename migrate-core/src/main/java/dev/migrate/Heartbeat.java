package dev.migrate;

import dev.migrate.internal.Waiting;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews a node's lease again and again, and learns and acknowledges what other nodes have changed.
 *
 * <p>While a step is being made it beats fast, because the writes of the keys that are handed over wait for it: from an epoch that came
 * without a change of position, which announces a step, until the next one, or until the step must have been given up.
 */
final class Heartbeat implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final Duration FAST = Duration.ofMillis(10);
    private final Migration migration;
    private final NodeLease lease;
    private final Duration pause;
    private final Duration attention;
    private final ReentrantLock beating = new ReentrantLock();
    private volatile @Nullable AutoCloseable next;
    private volatile boolean isClosed;
    private volatile Migration.View known;
    private volatile long fastUntil;

    Heartbeat(Migration migration, NodeLease lease, Duration pause) {
        this.migration = migration;
        this.lease = lease;
        this.pause = pause;
        this.attention = pause.multipliedBy(10);
        this.known = migration.latestView();
        this.fastUntil = migration.nanoTime();
    }

    void start() {
        next = migration.threads().after(isFast() ? min(FAST, pause) : pause, this::beatAndGoOn);
        if (isClosed) {
            cancel();
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void beatAndGoOn() {
        try {
            beat();
        } finally {
            if (!isClosed) {
                start();
            }
        }
    }

    private boolean isFast() {
        return !lease.hasAcknowledged(known.epoch()) || migration.nanoTime() - fastUntil < 0;
    }

    /** Looks at the store once, now; writes to it where the lease is due, or where there is something new to say. */
    void beat() {
        Waiting.lock(beating);
        try {
            if (!isClosed) {
                beatAlone();
            }
        } finally {
            Waiting.unlock(beating);
        }
    }

    private void beatAlone() {
        NodeLease.@Nullable Renewed renewed = lease.isDue(pause) ? lease.renew() : null;
        Migration.View view = migration.refresh();
        if (renewed != null) {
            lease.begins(renewed);
        }
        boolean isNews = lease.sees(view.epoch());
        boolean hasCaughtUp = !lease.hasAcknowledged(view.epoch()) && lease.acknowledge(view.epoch());
        if (view.epoch() > known.epoch()) {
            boolean isAnnounced = view.position().equals(known.position());
            fastUntil = migration.nanoTime() + (isAnnounced ? attention.toNanos() : 0);
            known = view;
        }
        if (isNews || hasCaughtUp) {
            lease.renew();
        }
    }

    private void cancel() {
        AutoCloseable waiting = next;
        if (waiting != null) {
            try {
                waiting.close();
            } catch (Exception unexpected) {
                throw new MigrationException(
                        "migration '" + migration.name() + "' could not stop its timer", unexpected);
            }
        }
    }

    @Override
    public void close() {
        isClosed = true;
        cancel();
        Waiting.lock(beating);
        try {
            lease.leave();
        } catch (RuntimeException unreachable) {
            LOG.warn(
                    "node '{}' of migration '{}' could not sign off; others wait for its lease to run out",
                    migration.node(),
                    migration.name(),
                    unreachable);
        } finally {
            Waiting.unlock(beating);
        }
    }
}
