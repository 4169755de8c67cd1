package dev.migrate.backfill;

import java.time.Duration;
import java.time.Instant;

/** Rows per second: what was copied is paid for by waiting before the next chunk; time in which nothing was copied is not saved up. */
final class RowRate implements Throttle {
    private static final double NANOS = 1e9;
    private final int rowsPerSecond;
    private Instant paidAt = Instant.MIN;

    RowRate(int rowsPerSecond) {
        this.rowsPerSecond = rowsPerSecond;
    }

    @Override
    public synchronized Signal signal(Moment moment) {
        Instant now = moment.now();
        if (!now.isBefore(paidAt)) {
            paidAt = now;
            return new Signal(0, "rows per second", now);
        }
        double left = Duration.between(now, paidAt).toNanos() / NANOS;
        return new Signal(1 + left, "rows per second", now);
    }

    @Override
    public synchronized void copied(long rows, Instant at) {
        Instant from = paidAt.equals(Instant.MIN) ? at : paidAt;
        paidAt = from.plusNanos((long) (rows * NANOS / rowsPerSecond));
    }
}
