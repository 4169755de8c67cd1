package dev.migrate.internal.write;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.KeyParked;
import dev.migrate.MigrationEvent.ShadowWriteFailed;
import dev.migrate.Side;
import dev.migrate.Version;
import dev.migrate.internal.Waiting;
import dev.migrate.side.FailedAttempt;
import dev.migrate.side.Owed;
import dev.migrate.side.SideBooks;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a key whose copy has failed: it is tried again after a pause that grows, and parked in the end.
 *
 * <p>Only an attempt that the shadow has answered counts. Where a transaction that reads the shadow's books fails as well, nothing is wrong
 * with the key: the worker's round ends, its claims are given back, and the next one asks the shadow before it claims anything. So an
 * outage parks no key, however long it is, and what is owed is taken up as soon as it is over.
 */
final class FailedCopies {
    private static final Logger LOG = LoggerFactory.getLogger(FailedCopies.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final Migration migration;
    private final String records;
    private final TwoSides<SideBooks> books;
    private final boolean isInOrder;
    private final int parkAfter;
    private final TwoSides<AtomicBoolean> isGone = new TwoSides<>(new AtomicBoolean(), new AtomicBoolean());

    FailedCopies(Migration migration, String records, TwoSides<SideBooks> books, boolean isInOrder, int parkAfter) {
        this.migration = migration;
        this.records = records;
        this.books = books;
        this.isInOrder = isInOrder;
        this.parkAfter = parkAfter;
    }

    /** Whether a side was out of reach when it was asked last. */
    boolean isGone(Side shadow) {
        return isGone.of(shadow).get();
    }

    /** Asks a side that was out of reach once more; returns whether it still is. */
    boolean isStillGone(Side shadow) {
        return isGone(shadow) && isOutOfReach(shadow);
    }

    private boolean isOutOfReach(Side shadow) {
        try {
            books.of(shadow).inTransaction(() -> books.of(shadow).isReadable(0));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt(); // nothing is known of the side, and the round ends
            return true;
        } catch (Exception unreachable) {
            if (!isGone.of(shadow).getAndSet(true)) {
                LOG.warn(
                        "migration '{}', records '{}': the {} side cannot be reached ({}); what it is owed waits in the"
                                + " journal, and no attempt is counted until it can",
                        migration.name(),
                        records,
                        shadow,
                        describe(unreachable));
            }
            return true;
        }
        if (isGone.of(shadow).getAndSet(false)) {
            LOG.info(
                    "migration '{}', records '{}': the {} side can be reached again",
                    migration.name(),
                    records,
                    shadow);
        }
        return false;
    }

    boolean isConflict(Side from, Throwable failure) {
        return !isInOrder && books.of(from.other()).isConflict(failure);
    }

    void publish(Side from, Owed owed, Throwable failure) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        migration.publish(new ShadowWriteFailed(migration.name(), records, from.other(), owed.key(), failure));
    }

    /** Leaves a key for later, or parks it: of operations, whatever was added meanwhile, because the one that failed is still the next. */
    void failed(Side from, Owed owed, Version version, Throwable failure) {
        publish(from, owed, failure);
        boolean isConflict = isConflict(from, failure);
        try {
            if (isConflict || !isOutOfReach(from.other())) {
                postpone(from, owed, version, failure, isConflict);
            }
        } catch (RuntimeException unreachable) {
            // The books are out of reach: the claim runs out by itself, and the key is taken up again.
            publish(from, owed, unreachable);
        }
    }

    private void postpone(Side from, Owed owed, Version version, Throwable failure, boolean isConflict) {
        int attempts = owed.attempts() + 1;
        boolean park = attempts >= parkAfter;
        books.of(from)
                .postpone(
                        owed.key(),
                        isInOrder ? books.of(from).owed(owed.key()).orElse(version) : version,
                        new FailedAttempt(
                                migration.time().instant().plus(pauseAfter(attempts)),
                                describe(failure),
                                isConflict,
                                park,
                                isInOrder && attempts == 1));
        if (park && !owed.isParked()) {
            migration.publish(new KeyParked(migration.name(), records, from.other(), owed.key(), attempts));
        }
    }

    /** The exception's type alone: its message may hold a value of a row. */
    private static String describe(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure.getClass().getName()
                + (cause == null ? "" : " caused by " + cause.getClass().getName());
    }

    /** Exponential, with full jitter in its upper half. */
    private static Duration pauseAfter(int attempts) {
        long longest = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(attempts, 20));
        return Duration.ofMillis(longest / 2 + Waiting.random(longest / 2 + 1));
    }
}
