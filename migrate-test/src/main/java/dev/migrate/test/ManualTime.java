package dev.migrate.test;

import dev.migrate.MigrationException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Time that stands still until a test turns it: a wall clock and a monotonic ticker that move together.
 *
 * <p>Give it to everything that asks for a time, and no test has to sleep. The ticker begins one second before its numbers
 * overflow, as {@link System#nanoTime} may at any moment, so that code that compares two readings directly instead of by their
 * difference fails here and not in production. Thread-safe.
 *
 * <pre>{@code
 * ManualTime time = new ManualTime();
 * Migration orders = Migration.named("orders").store(new InMemoryMigrationStore(time))
 *     .time(time).nanoTime(time::nanoTime).build();
 * time.advance(Duration.ofHours(24));
 * }</pre>
 */
public final class ManualTime implements InstantSource {
    private static final Instant BEGIN = Instant.parse("2030-01-01T00:00:00Z");
    private Instant now;
    private long nanos = Long.MAX_VALUE - 1_000_000_000L;
    private int waiting;

    /** Time that stands at the beginning of 2030. */
    public ManualTime() {
        this(BEGIN);
    }

    /** Time that stands at the given instant. */
    public ManualTime(Instant now) {
        this.now = now;
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    /** The monotonic time in nanoseconds; meaningful only as the difference of two readings. */
    public synchronized long nanoTime() {
        return nanos;
    }

    /**
     * Turns both the wall clock and the ticker on, and wakes whoever waits for that.
     *
     * @param by zero or more
     * @throws MigrationException where it is negative: only a wall clock goes back, see {@link #setWallClock}
     */
    public synchronized void advance(Duration by) {
        if (by.isNegative()) {
            throw new MigrationException(
                    "time must be advanced by zero or more, but was by " + by + "; setWallClock(..) goes back");
        }
        now = now.plus(by);
        nanos += by.toNanos();
        notifyAll();
    }

    /** Sets the wall clock alone, to an earlier or a later instant, as an operator or NTP may; the ticker does not notice. */
    public synchronized void setWallClock(Instant instant) {
        now = instant;
    }

    /**
     * Blocks the calling thread until the ticker has been turned on by a duration, counted from this call.
     *
     * @throws InterruptedException where the thread is interrupted meanwhile
     */
    public synchronized void await(Duration duration) throws InterruptedException {
        long begun = nanos;
        waiting++;
        try {
            while (nanos - begun < duration.toNanos()) {
                wait();
            }
        } finally {
            waiting--;
        }
    }

    /** How many threads are in {@link #await} now; a test waits for that before it turns the time. */
    public synchronized int waiting() {
        return waiting;
    }

    @Override
    public String toString() {
        return "ManualTime[" + instant() + "]";
    }
}
