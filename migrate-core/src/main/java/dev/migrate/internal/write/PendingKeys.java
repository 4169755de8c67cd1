package dev.migrate.internal.write;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keys whose copy to the shadow this node knows to be still on its way, so that a read does not fall back to an older value.
 *
 * <p>Each write of a key has a number of its own, so that the copy of an earlier write does not settle a later one. Bounded: beyond the limit
 * it no longer knows, and takes every key for pending until a worker has found nothing owed at all.
 *
 * <p>A write whose commit this node does not see has a negative number: that its key is not owed may mean that it is not owed yet. Only a copy of
 * it that has arrived settles it; where it was rolled back instead, its key is taken for pending until it is written again.
 */
final class PendingKeys {
    private static final int LIMIT = 100_000;
    private static final long NONE = 0;
    private final ConcurrentHashMap<String, Long> writes = new ConcurrentHashMap<>();
    private final AtomicLong number = new AtomicLong();
    private final LongAdder forgotten = new LongAdder();
    private volatile boolean isUnsure;

    PendingKeys(boolean isUnsure) {
        this.isUnsure = isUnsure;
    }

    void add(String key) {
        if (writes.size() >= LIMIT) {
            isUnsure = true;
            forgotten.increment();
        } else {
            writes.put(key, number.incrementAndGet());
        }
    }

    /** A write that is not committed yet, and whose commit is not seen. */
    void addUnseen(String key) {
        if (writes.size() >= LIMIT) {
            isUnsure = true;
            forgotten.increment();
        } else {
            writes.put(key, -number.incrementAndGet());
        }
    }

    /** The latest write of a key; asked before its debt is looked at. */
    long latestWrite(String key) {
        return writes.getOrDefault(key, NONE);
    }

    /** The key has arrived as of a write. */
    void settled(String key, long write) {
        writes.remove(key, write);
    }

    /** The key was not owed when a copier looked, after the write. */
    void nothingFound(String key, long write) {
        if (write >= 0) {
            settled(key, write);
        }
    }

    boolean mayBePending(String key) {
        return isUnsure || writes.containsKey(key);
    }

    /** Nothing is owed at all: what was forgotten has arrived, unless more was forgotten meanwhile. */
    void nothingOwed(long forgottenBefore) {
        if (forgotten.sum() == forgottenBefore) {
            isUnsure = false;
        }
    }

    long forgottenSoFar() {
        return forgotten.sum();
    }
}
