package dev.migrate;

import dev.migrate.internal.Waiting;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Counts the units of work that are running, so that a step can wait for those that began before it.
 *
 * <p>Units enter one of two phases. To wait for all of before, the phase is turned once the other one is empty, and the one that was left
 * must become empty; what begins meanwhile enters the other and is not waited for, however often one looks. Entering and leaving are
 * counted apart: reading the leavings first and the enterings second can only see too many units in flight, never too few, although
 * neither sum is a snapshot.
 */
final class UnitsInFlight {
    private final LongAdder[] entered = {new LongAdder(), new LongAdder()};
    private final LongAdder[] left = {new LongAdder(), new LongAdder()};
    private volatile int phase;
    private long turns;
    private long ended;

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

    /** Enters as part of a unit that has entered with this ticket and cannot leave meanwhile: whoever waits for that one waits for this one too. */
    int enterWith(int ticket) {
        entered[ticket].increment();
        return ticket;
    }

    void exit(int ticket) {
        left[ticket].increment();
    }

    /** Asks for the end of every unit that has entered by now; {@link #haveEnded} tells. */
    synchronized long ask() {
        return turns + 1;
    }

    /** Whether every unit that had entered when {@link #ask} was called has left. */
    synchronized boolean haveEnded(long asked) {
        while (ended < asked) {
            if (ended == turns) {
                if (!isEmpty(1 - phase)) {
                    return false;
                }
                phase = 1 - phase;
                turns++;
            }
            if (!isEmpty(1 - phase)) {
                return false;
            }
            ended = turns;
        }
        return true;
    }

    private boolean isEmpty(int which) {
        return left[which].sum() == entered[which].sum();
    }

    /** Waits until every unit that had entered before has left; false where that takes longer than the limit. */
    boolean quiesce(Duration limit, LongSupplier nanoTime) {
        long deadline = nanoTime.getAsLong() + limit.toNanos();
        long asked = ask();
        while (!haveEnded(asked)) {
            if (nanoTime.getAsLong() - deadline > 0) {
                return false;
            }
            Waiting.pause(50_000);
        }
        return true;
    }
}
