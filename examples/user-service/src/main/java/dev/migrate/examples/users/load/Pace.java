package dev.migrate.examples.users.load;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * When one client's next call is due: evenly spaced, caught up after a short delay, and forgiven after a long one.
 * For one thread.
 */
final class Pace {

    private static final long FORGIVEN_NANOS = Duration.ofSeconds(1).toNanos();

    private final long intervalNanos;
    private long due = System.nanoTime();

    Pace(double callsPerSecond) {
        intervalNanos = (long) (1_000_000_000 / callsPerSecond);
    }

    /** Waits until the next call is due, or the thread is interrupted. */
    void await() {
        due += intervalNanos;
        long now = System.nanoTime();
        if (now - due > FORGIVEN_NANOS) {
            due = now;
        }
        while (due - now > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(due - now);
            now = System.nanoTime();
        }
    }
}
