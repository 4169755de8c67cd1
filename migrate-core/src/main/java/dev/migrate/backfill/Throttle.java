package dev.migrate.backfill;

import dev.migrate.MigrationException;
import dev.migrate.side.Debt;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/**
 * Says how much of what a backfill may use up is in use: the load of a database, the latency of the application, what is owed, or rows per
 * second.
 *
 * <p>Before each chunk, or batch of items, every throttle of the backfill is asked, until all of them give less than 1. A signal that is too old ({@link
 * Backfill.Builder#staleAfter}), is no number, or cannot be had keeps the backfill waiting too: who does not know how much room there is must
 * not take it. Meanwhile no chunk is claimed, so that other nodes can go on, and the reason is told in {@code BackfillProgress}.
 *
 * <pre>{@code
 * Backfill.of(orders)
 *     .throttle(Throttle.rowsPerSecond(20_000))
 *     .throttle(Throttle.of("replica lag", () -> replica.lagSeconds() / 10.0))
 * }</pre>
 *
 * <p>An implementation is asked by the thread of each backfill that has it, also of several at once; it answers quickly.
 */
@FunctionalInterface
public interface Throttle {
    /**
     * What is in use now.
     *
     * @throws Exception where that is not known, which keeps the backfill waiting
     */
    Signal signal(Moment moment) throws Exception;

    /** Hears that a chunk of so many rows, or a batch of so many items, was copied by this process; does nothing by default. */
    default void copied(long rows, Instant at) {}

    /** What a throttle may ask of the backfill. */
    interface Moment {
        /** The time of the migration. */
        Instant now();

        /** What legacy owes to the target for the records of this backfill; counted at each call. */
        Debt debt();

        /** What is now when it is asked; the debt is counted only by those who ask for it. */
        static Moment of(InstantSource time, Supplier<Debt> debt) {
            return new Moment() {
                @Override
                public Instant now() {
                    return time.instant();
                }

                @Override
                public Debt debt() {
                    return debt.get();
                }
            };
        }
    }

    /**
     * An answer.
     *
     * @param utilisation 0 for nothing, 1 and more for all of it
     * @param reason what is measured, for people
     * @param at when it was measured
     */
    record Signal(double utilisation, String reason, Instant at) {}

    /** What somebody else measures when asked. */
    static Throttle of(String reason, DoubleSupplier utilisation) {
        return moment -> new Signal(utilisation.getAsDouble(), reason, moment.now());
    }

    /** So many keys that legacy owes to the target, parked ones not: at least 1. */
    static Throttle debt(long keys) {
        if (keys < 1) {
            throw new MigrationException("keys of Throttle.debt must be at least 1, but was " + keys
                    + "; pause(..) the backfill where it is not to go on at all");
        }
        return moment -> {
            Debt owed = moment.debt();
            return new Signal((double) (owed.keys() - owed.parked()) / keys, "owed keys", moment.now());
        };
    }

    /** So many rows a second, or items, of all backfills in this process that are given the same object: at least 1. */
    static Throttle rowsPerSecond(int rows) {
        if (rows < 1) {
            throw new MigrationException("rows of Throttle.rowsPerSecond must be at least 1, but was " + rows
                    + "; pause(..) the backfill where it is not to go on at all");
        }
        return new RowRate(rows);
    }

    /**
     * Why a backfill has to wait now, by the first of its throttles that says so; empty where it may go on.
     *
     * @param staleAfter from which age on a signal counts as none; not negative
     */
    static Optional<String> closedBecause(List<Throttle> throttles, Moment moment, Duration staleAfter) {
        for (Throttle throttle : throttles) {
            Signal signal;
            try {
                signal = throttle.signal(moment);
            } catch (Exception unknown) {
                if (unknown instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                LoggerFactory.getLogger(Throttle.class).debug("a throttle gave no signal", unknown);
                return Optional.of(
                        "a throttle gave no signal: " + unknown.getClass().getName());
            }
            if (signal.at().plus(staleAfter).isBefore(moment.now())) {
                return Optional.of("the signal of " + signal.reason() + " is stale");
            }
            // Written so that NaN does not pass.
            boolean isOpen = signal.utilisation() >= 0 && signal.utilisation() < 1;
            if (!isOpen) {
                return Optional.of(signal.reason());
            }
        }
        return Optional.empty();
    }
}
