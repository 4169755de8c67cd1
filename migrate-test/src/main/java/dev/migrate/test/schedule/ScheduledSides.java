package dev.migrate.test.schedule;

import dev.migrate.Records;
import dev.migrate.Side;
import java.time.InstantSource;

/**
 * The two systems of a schedule, made afresh for each.
 *
 * <p>Bring your own where you want to know what a migration over them promises: plain functions, versioned records, or records that keep their own
 * books. They must be in memory, deterministic, and must not block; each call of theirs is one step, and their {@code inTransaction} may be interleaved
 * between any two calls in it.
 */
@FunctionalInterface
public interface ScheduledSides {
    /**
     * What schedules write.
     *
     * @param key the key
     * @param value unlike any other that is written in the schedule
     */
    record Item(long key, String value) {}

    /**
     * One side, empty.
     *
     * @param time the schedule's wall clock
     */
    Records<Long, Item> open(Side side, InstantSource time);

    /**
     * Sides as databases are: records, journal and ledger commit together, rows are locked until then, and what has not committed is not seen. With
     * them a schedule has a backfill, reconciliations and repairs as well.
     */
    static ScheduledSides transactional() {
        return new TransactionalSides();
    }
}
