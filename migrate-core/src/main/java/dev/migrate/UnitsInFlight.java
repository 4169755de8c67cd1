package dev.migrate;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Counts the units of work that are running, so that a step can wait for those that began before it.
 *
 * <p>Units enter one of two phases; {@link #quiesce} turns to the other phase and waits until the one it left is empty. Entering and
 * leaving are counted apart: reading the leavings first and the enterings second can only see too many units in flight, never too
 * few, although neither sum is a snapshot.
 */
final class UnitsInFlight {
    private final LongAdder[] entered = {new LongAdder(), new LongAdder()};
    private final LongAdder[] left = {new LongAdder(), new LongAdder()};
    private volatile int phase;

    int enter() {
        while (true) {
            int seen = phase;
            entered[seen].increment();
            if (phase == seen) {
                return seen;
            }
            left[seen].increment();
        }
    }

    void exit(int ticket) {
        left[ticket].increment();
    }

    /** Waits until every unit that had entered before has left; false where that takes longer than the limit. */
    synchronized boolean quiesce(Duration limit, LongSupplier nanoTime) {
        long deadline = nanoTime.getAsLong() + limit.toNanos();
        int leaving = phase;
        if (!awaitEmpty(1 - leaving, deadline, nanoTime)) {
            return false;
        }
        phase = 1 - leaving;
        return awaitEmpty(leaving, deadline, nanoTime);
    }

    private boolean awaitEmpty(int which, long deadline, LongSupplier nanoTime) {
        while (left[which].sum() != entered[which].sum()) {
            if (nanoTime.getAsLong() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(50_000);
        }
        return true;
    }
}
