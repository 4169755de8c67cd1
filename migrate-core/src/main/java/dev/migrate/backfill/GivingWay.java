package dev.migrate.backfill;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.Pressure;
import dev.migrate.backfill.BackfillControl.Order;
import dev.migrate.backfill.Throttle.Moment;
import dev.migrate.backfill.Throttle.Signal;
import dev.migrate.internal.write.DebtWatch;
import dev.migrate.side.Debt;
import dev.migrate.side.DebtLimits;
import dev.migrate.side.SideBooks;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits before a chunk while the backfill has to give way: to an order in the store, to a throttle, and to much debt, but to the last not for
 * ever: a backfill is slowed by it, not stopped. No chunk is claimed meanwhile.
 */
final class GivingWay implements Moment {
    private static final Logger LOG = LoggerFactory.getLogger(GivingWay.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration SHORT_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_FOR_DEBT = Duration.ofSeconds(30);
    private final Backfill backfill;
    private final Migration migration;
    private final SideBooks journal;
    private final Consumer<@Nullable String> told;

    private record Hold(String why, Duration pause) {}

    /** @param told is given the reason for which the backfill waits, each time that it is another, and null when it goes on */
    GivingWay(Backfill backfill, SideBooks journal, Consumer<@Nullable String> told) {
        this.backfill = backfill;
        this.migration = backfill.migration;
        this.journal = journal;
        this.told = told;
    }

    /** @throws BackfillInterruptedException where it was cancelled */
    void beforeChunk() {
        Duration waitedForDebt = Duration.ZERO;
        String last = "";
        while (!Thread.currentThread().isInterrupted()) {
            Optional<Hold> hold = ordered().or(this::throttled);
            if (hold.isEmpty() && waitedForDebt.compareTo(LONGEST_FOR_DEBT) < 0) {
                hold = indebted();
                waitedForDebt = waitedForDebt.plus(PAUSE);
            }
            if (hold.isEmpty()) {
                if (!last.isEmpty()) {
                    told.accept(null);
                }
                return;
            }
            if (!hold.get().why().equals(last)) {
                last = hold.get().why();
                told.accept(last);
            }
            backfill.pause.accept(hold.get().pause());
        }
    }

    void copied(long rows) {
        backfill.throttles.forEach(throttle -> throttle.copied(rows, now()));
    }

    private Optional<Hold> ordered() {
        Order order = backfill.control.order();
        if (order == Order.CANCEL) {
            String cancelled = "cancelled " + backfill.control.lastWords();
            told.accept(cancelled);
            throw new BackfillInterruptedException(backfill + " was " + cancelled
                    + "; what is copied stays: call resume(why) and run(), and it goes on where it stood");
        }
        return order == Order.PAUSE
                ? Optional.of(new Hold("paused " + backfill.control.lastWords(), PAUSE))
                : Optional.empty();
    }

    private Optional<Hold> throttled() {
        return backfill.throttles.stream()
                .flatMap(throttle -> closedBy(throttle).stream())
                .findFirst()
                .map(why -> new Hold(why, SHORT_PAUSE));
    }

    private Optional<String> closedBy(Throttle throttle) {
        Signal signal;
        try {
            signal = throttle.signal(this);
        } catch (Exception unknown) {
            if (unknown instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            LOG.debug("a throttle of {} gave no signal", backfill, unknown);
            return Optional.of(
                    "a throttle gave no signal: " + unknown.getClass().getName());
        }
        if (signal.at().plus(backfill.staleAfter).isBefore(now())) {
            return Optional.of("the signal of " + signal.reason() + " is stale");
        }
        // Written so that NaN does not pass.
        return signal.utilisation() >= 0 && signal.utilisation() < 1 ? Optional.empty() : Optional.of(signal.reason());
    }

    private Optional<Hold> indebted() {
        DebtLimits limits = DebtWatch.limitsOf(migration, backfill.legacy.records());
        return limits.pressureOf(journal.debt(), now()).contains(Pressure.SLOWS_BACKFILL)
                ? Optional.of(new Hold("owed keys", PAUSE))
                : Optional.empty();
    }

    @Override
    public Instant now() {
        return migration.time().instant();
    }

    @Override
    public Debt debt() {
        return journal.debt();
    }
}
