package dev.migrate.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** How many rows a second were done of late: over the last minute, or the last piece of work where that took longer. Thread-safe. */
public final class RecentRate {
    private static final long WINDOW = Duration.ofMinutes(1).toNanos();
    private static final long APART = Duration.ofSeconds(1).toNanos();
    private static final double NANOS = 1e9;
    private final Deque<Sample> samples = new ArrayDeque<>();

    private record Sample(long nanos, long rows) {}

    /** Begins with so many rows at a time of {@link System#nanoTime} or another such clock. */
    public RecentRate(long nanos, long rows) {
        samples.add(new Sample(nanos, rows));
    }

    /** Hears that so many rows in all are done by now, and gives the rate. */
    public synchronized double at(long nanos, long rows) {
        Sample from = samples.removeFirst();
        while (!samples.isEmpty() && nanos - samples.getFirst().nanos() >= WINDOW) {
            from = samples.removeFirst();
        }
        samples.addFirst(from);
        if (nanos - samples.getLast().nanos() >= APART) {
            samples.addLast(new Sample(nanos, rows));
        }
        return Math.max(0, rows - from.rows()) * NANOS / Math.max(1, nanos - from.nanos());
    }
}
