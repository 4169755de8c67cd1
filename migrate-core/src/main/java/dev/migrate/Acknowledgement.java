package dev.migrate;

import dev.migrate.internal.Waiting;
import java.util.concurrent.locks.ReentrantLock;

/** The latest epoch under which nothing runs any more in this process that began under an earlier one. Thread-safe. */
final class Acknowledgement {
    private final UnitsInFlight units;
    private final ReentrantLock lock = new ReentrantLock();
    private long awaited;
    private long asked;
    private volatile long latest;

    Acknowledgement(UnitsInFlight units) {
        this.units = units;
    }

    /** Acknowledges an epoch that is routed by, once nothing runs from before it was; false where something does, to be asked again. */
    boolean acknowledge(long epoch) {
        Waiting.lock(lock);
        try {
            if (latest >= epoch) {
                return true;
            }
            if (awaited < epoch) {
                awaited = epoch;
                asked = units.ask();
            }
            if (!units.haveEnded(asked)) {
                return false;
            }
            latest = awaited;
            return true;
        } finally {
            Waiting.unlock(lock);
        }
    }

    long latest() {
        return latest;
    }
}
