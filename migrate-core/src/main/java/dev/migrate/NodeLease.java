package dev.migrate;

import dev.migrate.internal.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * One node's lease on what it has seen of a migration, and what it acknowledges.
 *
 * <p>The lease counts from before the store was asked, by whichever of the monotonic and the wall clock has gone further: one stands still
 * while a machine sleeps, the other can be set back. The store counts from after it was asked, so that it never gives a node up that still
 * believes in its lease. A node registers before it reads the position: whoever steps from then on waits for it.
 *
 * <p>An epoch is acknowledged once no unit of work is running that began under an earlier one.
 */
final class NodeLease {
    private final MigrationStore store;
    private final String migration;
    private final String node;
    private final Duration length;
    private final InstantSource time;
    private final LongSupplier nanoTime;
    private final Acknowledgement acknowledgement;
    private final ReentrantLock lock = new ReentrantLock();

    /** When the store was asked to renew. */
    record Renewed(long nanos, Instant wall) {}

    private volatile Renewed renewed;
    private volatile boolean isRegistered;
    private volatile long lapses;
    private boolean hasLeft;
    private volatile long seen;
    private volatile boolean isStepping;

    NodeLease(MigrationBuilder options, MigrationStore store, Acknowledgement acknowledgement, Duration length) {
        this.store = store;
        this.migration = options.name;
        this.node = options.node;
        this.length = length;
        this.time = options.time;
        this.nanoTime = options.nanoTime;
        this.acknowledgement = acknowledgement;
        this.renewed = now();
    }

    private Renewed now() {
        return new Renewed(nanoTime.getAsLong(), time.instant());
    }

    String node() {
        return node;
    }

    boolean isValid() {
        return isYoungerThan(length);
    }

    /** How often it has run out, the present time included: it has not run out between two equal answers, if it was valid after the first. */
    long lapses() {
        return isValid() ? lapses : lapses + 1;
    }

    /** Whether it is time to renew it, where that is done with a given pause. */
    boolean isDue(Duration pause) {
        return !isYoungerThan(pause);
    }

    private boolean isYoungerThan(Duration age) {
        Renewed begun = renewed;
        return isRegistered
                && nanoTime.getAsLong() - begun.nanos() < age.toNanos()
                && Duration.between(begun.wall(), time.instant()).compareTo(age) < 0;
    }

    /**
     * Registers the node, or renews its lease, and tells what it has seen and acknowledged. Whoever had slept may not act on that before the
     * position was read once more: see {@link #begins}.
     */
    Renewed renew() {
        Waiting.lock(lock);
        try {
            Renewed asked = now();
            if (!hasLeft) {
                store.renew(migration, new Node.Report(node, seen, acknowledgement.latest(), isStepping), length);
            }
            return asked;
        } finally {
            Waiting.unlock(lock);
        }
    }

    /** The position was read after a renewal: from now on the node may act on it, until the lease that was renewed then runs out. */
    void begins(Renewed asked) {
        Waiting.lock(lock);
        try {
            if (!hasLeft && (!isRegistered || asked.nanos() - renewed.nanos() > 0)) {
                lapses = lapses(); // told before it is valid again
                renewed = asked;
                isRegistered = true;
            }
        } finally {
            Waiting.unlock(lock);
        }
    }

    /** Tells that the node is making a step, or has made it, so that no other takes it for cut off. */
    void stepping(boolean isBegun) {
        isStepping = isBegun;
        renew();
    }

    /** The node routes by an epoch from now on; true where that is news to the store. */
    boolean sees(long epoch) {
        boolean isNews = epoch > seen;
        seen = Math.max(seen, epoch);
        return isNews;
    }

    /** Acknowledges an epoch that is routed by, once nothing runs from before it was; false where something does, to be asked again. */
    boolean acknowledge(long epoch) {
        return acknowledgement.acknowledge(epoch);
    }

    boolean hasAcknowledged(long epoch) {
        return acknowledgement.latest() >= epoch;
    }

    void leave() {
        Waiting.lock(lock);
        try {
            hasLeft = true;
            isRegistered = false;
            store.leave(migration, node);
        } finally {
            Waiting.unlock(lock);
        }
    }
}
