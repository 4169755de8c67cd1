package dev.migrate.internal.write;

import java.util.concurrent.TimeUnit;

/**
 * How many keys are copied at once: fewer where the shadow is slow, because a transaction keeps its locks for as long as all of its copies take, and a
 * handover waits for that. Thread-safe; where two batches end at the same moment one of them may not count.
 */
final class BatchSize {
    static final int LARGEST = 50;
    private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(250);
    private volatile int size = LARGEST;

    int now() {
        return size;
    }

    /** Halves the size after a batch that took too long, and doubles it again after one that did not. */
    void took(long nanos) {
        int before = size;
        size = nanos > LONGEST ? Math.max(1, before / 2) : Math.min(LARGEST, before * 2);
    }
}
