package dev.migrate.internal.pace;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.Pressure;
import dev.migrate.internal.pace.Orders.Order;
import dev.migrate.internal.write.DebtWatch;
import dev.migrate.side.DebtLimits;
import dev.migrate.side.SideBooks;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits before each piece of a backfill while it has to give way: to an order in the store, to a throttle, and to much debt, but to the last not for
 * ever: a backfill is slowed by it, not stopped. No piece is claimed meanwhile. Used by one thread.
 */
public final class GivingWay {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration SHORT_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_FOR_DEBT = Duration.ofSeconds(30);
    private final Migration migration;
    private final Orders orders;
    private final String records;
    private final SideBooks journal;
    private final Supplier<Optional<String>> throttled;
    private final Consumer<Duration> pause;
    private final Consumer<@Nullable String> told;

    private record Hold(String why, Duration pause) {}

    /**
     * One run of a backfill.
     *
     * @param records the name of what it copies, as its router knows it
     * @param journal what legacy owes of it
     * @param throttled why a throttle is closed now; empty where none is
     * @param told is given the reason for which the backfill waits, each time that it is another, and null when it goes on
     */
    public GivingWay(
            Orders orders,
            String records,
            SideBooks journal,
            Supplier<Optional<String>> throttled,
            Consumer<Duration> pause,
            Consumer<@Nullable String> told) {
        this.migration = orders.migration();
        this.orders = orders;
        this.records = records;
        this.journal = journal;
        this.throttled = throttled;
        this.pause = pause;
        this.told = told;
    }

    /** Returns when the next piece may be begun, or the thread is interrupted; throws what {@link Orders} was given where it was cancelled. */
    public void beforeNext() {
        Duration waitedForDebt = Duration.ZERO;
        String last = "";
        while (!Thread.currentThread().isInterrupted()) {
            Optional<Hold> hold = ordered().or(() -> throttled.get().map(why -> new Hold(why, SHORT_PAUSE)));
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
            pause.accept(hold.get().pause());
        }
    }

    private Optional<Hold> ordered() {
        Order order = orders.order();
        if (order == Order.CANCEL) {
            String cancelled = "cancelled " + orders.lastWords();
            told.accept(cancelled);
            throw orders.cancelled(cancelled);
        }
        return order == Order.PAUSE ? Optional.of(new Hold("paused " + orders.lastWords(), PAUSE)) : Optional.empty();
    }

    private Optional<Hold> indebted() {
        DebtLimits limits = DebtWatch.limitsOf(migration, records);
        return limits.pressureOf(journal.debt(), migration.time().instant()).contains(Pressure.SLOWS_BACKFILL)
                ? Optional.of(new Hold("owed keys", PAUSE))
                : Optional.empty();
    }
}
