package dev.migrate.internal.write;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.DebtMeasured;
import dev.migrate.MigrationEvent.Pressure;
import dev.migrate.MigrationEvent.PressureChanged;
import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.internal.Waiting;
import dev.migrate.side.Debt;
import dev.migrate.side.DebtLimits;
import dev.migrate.side.SideBooks;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures what the sides owe, by the shadow's threads, and knows what gives way to it.
 *
 * <p>Each side by itself, because a side that is down or hangs must not hide what the other owes. Not more often than once a second, and
 * less often where counting takes long. A caller's thread looks at what was measured last, and never measures.
 */
public final class DebtWatch {
    private static final Logger LOG = LoggerFactory.getLogger(DebtWatch.class);
    private static final long EVERY = TimeUnit.SECONDS.toNanos(1);
    private static final long POLL = TimeUnit.MILLISECONDS.toNanos(5);

    /** At most one part in so many of the time is spent on counting. */
    private static final int PART = 20;

    private final Migration migration;
    private final String records;
    private final DebtLimits limits;
    private final TwoSides<OneSide> sides;
    private volatile Set<Pressure> pressure = Set.of();

    DebtWatch(Migration migration, String records, TwoSides<SideBooks> books, DebtLimits limits) {
        this.migration = migration;
        this.records = records;
        this.limits = limits;
        this.sides = new TwoSides<>(new OneSide(Side.LEGACY, books.legacy()), new OneSide(Side.TARGET, books.target()));
    }

    /** The limits of some records' router in this process; the defaults where there is none. */
    public static DebtLimits limitsOf(Migration migration, String records) {
        return Handover.workersOf(migration).stream()
                .filter(worker -> worker.records.equals(records))
                .findFirst()
                .map(worker -> worker.debtWatch.limits())
                .orElse(DebtLimits.defaults());
    }

    /** From which debt on what gives way to it. */
    public DebtLimits limits() {
        return limits;
    }

    /** What gave way to the debt that was measured last. */
    public Set<Pressure> pressure() {
        return pressure;
    }

    boolean hasReached(Pressure rung) {
        return pressure.contains(rung);
    }

    /** Measures both sides, where their time has come. */
    void measure() {
        sides.legacy().measure();
        sides.target().measure();
    }

    /** What both sides owe now; of a side that cannot be asked, what was measured last. */
    public Debt now() {
        return sides.legacy().now().plus(sides.target().now());
    }

    /** Has the shadow's threads measure, each side by itself. */
    void measureInShadow() {
        sides.legacy().measureInShadow();
        sides.target().measureInShadow();
    }

    /** Nothing is copied at this time, so nothing gives way. */
    void rest() {
        judge(Set.of());
    }

    private void judge() {
        Debt both = sides.legacy().last.plus(sides.target().last);
        judge(limits.pressureOf(both, migration.time().instant()));
    }

    private synchronized void judge(Set<Pressure> now) {
        Set<Pressure> before = pressure;
        if (!now.equals(before)) {
            pressure = now;
            migration.publish(new PressureChanged(migration.name(), records, before, now));
        }
    }

    /**
     * Holds or refuses a write, where the debt has reached that rung.
     *
     * @param mayWait whether the write holds nothing that others wait for
     * @throws RefusedWriteException where the debt does not fall below; nothing was written
     */
    void admit(BooleanSupplier mayWait) throws InterruptedException {
        if (!hasReached(Pressure.STOPS_WRITES)) {
            return;
        }
        long deadline = migration.nanoTime()
                + (mayWait.getAsBoolean() ? limits.longestHold().toNanos() : 0);
        while (hasReached(Pressure.STOPS_WRITES)) {
            if (migration.nanoTime() - deadline >= 0) {
                throw new RefusedWriteException("migration '" + migration.name() + "', records '" + records
                        + "': the debt has reached " + limits.describe(Pressure.STOPS_WRITES)
                        + ", from which on this router was told to stop writes; nothing was written: write again when"
                        + " the shadow has caught up");
            }
            Waiting.pause(POLL);
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while the write waited for the debt to fall");
            }
        }
    }

    private final class OneSide {
        private final Side from;
        private final SideBooks books;
        private final AtomicBoolean isMeasuring = new AtomicBoolean();
        private final AtomicBoolean isOffered = new AtomicBoolean();
        private volatile Debt last = Debt.NONE;
        private volatile boolean wasMeasured;
        private volatile long next;
        private boolean hasFailed;

        OneSide(Side from, SideBooks books) {
            this.from = from;
            this.books = books;
        }

        Debt now() {
            try {
                return books.debt();
            } catch (RuntimeException unreachable) {
                LOG.debug("what the {} side owes could not be counted", from, unreachable);
                return last;
            }
        }

        void measureInShadow() {
            if (isDue()
                    && isOffered.compareAndSet(false, true)
                    && !migration.threads().offer(this::offered)) {
                isOffered.set(false);
            }
        }

        private void offered() {
            try {
                measure();
            } finally {
                isOffered.set(false);
            }
        }

        private boolean isDue() {
            return !wasMeasured || migration.nanoTime() - next >= 0;
        }

        void measure() {
            if (isDue() && isMeasuring.compareAndSet(false, true)) {
                try {
                    count();
                } finally {
                    isMeasuring.set(false);
                }
            }
        }

        private void count() {
            long begun = migration.nanoTime();
            try {
                tell(books.debt());
                hasFailed = false;
            } catch (RuntimeException unreachable) {
                if (!hasFailed) {
                    LOG.warn(
                            "migration '{}', records '{}': what the {} side owes could not be counted; what was counted"
                                    + " last is taken for it until it can",
                            migration.name(),
                            records,
                            from,
                            unreachable);
                }
                hasFailed = true;
            }
            long ended = migration.nanoTime();
            next = ended + Math.max(EVERY, PART * (ended - begun));
            wasMeasured = true;
        }

        private void tell(Debt debt) {
            boolean isNews = !debt.isSettled() || !last.isSettled();
            last = debt;
            if (isNews) {
                Duration age = debt.age(migration.time().instant());
                migration.publish(new DebtMeasured(
                        migration.name(), records, from.other(), debt.keys(), debt.parked(), debt.dismissed(), age));
            }
            judge();
        }
    }
}
