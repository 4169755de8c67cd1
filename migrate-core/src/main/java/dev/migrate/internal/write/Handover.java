package dev.migrate.internal.write;

import dev.migrate.Migration;
import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.StaleChangeException;
import dev.migrate.Step;
import dev.migrate.StepParticipant;
import dev.migrate.StepRefusedException;
import dev.migrate.internal.Waiting;
import dev.migrate.side.Debt;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A dual-write router's part in the steps of its migration.
 *
 * <p>A handover of segments: the giving side is fenced, so that it is read but not written; what it still owes is drained; the taking side
 * is fenced too, and can be read. Then the position changes, and with it where reads go. Then the giver becomes the shadow, and the taker
 * the authority. At no moment do two sides take writes, and no side is read that lacks an acknowledged write.
 *
 * <p>When dual writing begins, writes are owed from the first moment, but nothing is copied until all units of work that began without owing
 * have ended: a copy that ran beside one of them would be overtaken by a write that nobody owes.
 */
final class Handover implements StepParticipant {
    private static final Logger LOG = LoggerFactory.getLogger(Handover.class);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long FIRST_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private final Migration migration;
    private final String records;
    private final TwoSides<SideBooks> books;
    private final CopyWorker<?> worker;
    private final RoleKeeper roles;
    private final Cover cover;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private final ReentrantLock learning = new ReentrantLock();
    private volatile @Nullable SegmentRange held;
    private volatile long known;
    private long copied;
    private long generation;
    private long generationAsOf;

    Handover(Migration migration, String records, TwoSides<SideBooks> books, CopyWorker<?> worker) {
        this.migration = migration;
        this.records = records;
        this.books = books;
        this.worker = worker;
        this.roles = new RoleKeeper(migration.name(), books);
        this.cover = new Cover(migration, records);
    }

    /** The workers of all records of a migration, as far as this process has routers for them. */
    static List<CopyWorker<?>> workersOf(Migration migration) {
        List<CopyWorker<?>> workers = new ArrayList<>();
        for (StepParticipant participant : migration.participants()) {
            if (participant instanceof Handover handover) {
                workers.add(handover.worker);
            }
        }
        return workers;
    }

    /** Gives roles to sides that have none yet, and ends a step that was cut off. */
    void reconcileRoles() {
        Migration.View view = migration.refresh();
        if (roles.isUnassigned(Side.LEGACY) || roles.isUnassigned(Side.TARGET)) {
            unlessOvertaken(() -> roles.apply(view.position(), view.epoch(), null));
        }
        learn();
    }

    /** Another node that brings the sides in line at the same moment is no reason to fail; the outcome is looked at the next time. */
    private void unlessOvertaken(Runnable inLine) {
        try {
            inLine.run();
        } catch (StaleChangeException overtaken) {
            LOG.info(
                    "the sides of records '{}' are brought in line by another node: {}",
                    records,
                    overtaken.getMessage());
        }
    }

    /**
     * Learns of an epoch that it does not know yet. Copies begin once the sides' own roles say that every write is owed, and every node has
     * acknowledged that: a write that a node began before would be overtaken by a copy, and nobody would owe it.
     *
     * <p>A step whose maker is gone, so that roles and position disagree, is ended.
     */
    void learn() {
        Migration.View view = migration.latestView();
        if (view.epoch() != known && looksCutOff(view)) {
            endStepThatWasCutOff();
        }
    }

    /**
     * Looks at an epoch: true where the step that made it was cut off. Nodes are asked before the roles are and once more after, and the epoch last: a
     * step that is made meanwhile is seen by one of these, because its maker says so before it announces it, and announces it before any role changes.
     */
    private boolean looksCutOff(Migration.View view) {
        Waiting.lock(learning);
        try {
            return learn(view);
        } finally {
            Waiting.unlock(learning);
        }
    }

    /** Learns of an epoch; returns whether its step was cut off. */
    private boolean learn(Migration.View view) {
        long generation = generationOf(view.epoch());
        if (generation != copied || view.position().stage() == Stage.LEGACY_ONLY) {
            worker.limit.close();
        }
        if (migration.isStepping()) {
            return false;
        }
        if (!roles.agreesWith(view.position(), generation)) {
            return !migration.isStepping() && migration.refresh().epoch() == view.epoch();
        }
        settleWhereAcknowledged(view, generation);
        return false;
    }

    private long generationOf(long epoch) {
        if (epoch != generationAsOf) {
            generation = Cover.generation(migration);
            generationAsOf = epoch;
        }
        return generation;
    }

    private void settleWhereAcknowledged(Migration.View view, long generation) {
        boolean isWithoutCopies = view.position().stage() == Stage.LEGACY_ONLY;
        if (isWithoutCopies) {
            worker.limit.close();
        } else if ((maysCopy() && generation == copied) || migration.isAcknowledged(generation)) {
            worker.limit.open(view.epoch());
        } else {
            return;
        }
        copied = generation;
        known = view.epoch();
    }

    private void endStepThatWasCutOff() {
        unlessOvertaken(() ->
                migration.raiseEpoch("a step of records '" + records + "' was cut off; the sides are brought in line"));
    }

    boolean maysCopy() {
        return worker.limit.isOpen();
    }

    boolean isHeld(int segment) {
        SegmentRange range = held;
        return range != null && range.contains(segment);
    }

    /** Waits a moment, or until a handover of the segment by this node has ended. */
    void awaitEnd(int segment) throws InterruptedException {
        if (Waiting.driver() != null) {
            Waiting.pause(POLL_NANOS);
            return;
        }
        lock.lockInterruptibly();
        try {
            long left = POLL_NANOS;
            while (left > 0) {
                left = ended.awaitNanos(left);
                if (!isHeld(segment)) {
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void hold(@Nullable SegmentRange range) {
        lock.lock();
        try {
            held = range;
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<String> part() {
        return Optional.of("router of records '" + records + "'");
    }

    @Override
    public List<String> blockers(Position from, Position to) {
        Step step = new Step(from, to, 0, Duration.ZERO);
        List<String> blockers = new ArrayList<>();
        if (step.handsOver()) {
            Debt debt = books.of(step.giver()).debt(range(step));
            if (debt.parked() > 0) {
                blockers.add(debt.parked() + " keys of records '" + records
                        + "' are parked; look at parked(), mend the cause and retry them");
            }
            if (debt.dismissed() > 0) {
                blockers.add(debt.dismissed() + " keys of records '" + records
                        + "' were dismissed and have not arrived; look at dismissed(), mend the cause and retry them, or"
                        + " write them again");
            }
        }
        if (step.handsOver() && step.giver() == Side.LEGACY && !worker.owesAlways() && cover.needsProof()) {
            blockers.add("records '" + records
                    + "' were written while nothing was copied, since the migration stepped back to"
                    + " LEGACY_ONLY; run a reconciliation until it finds no difference, which lets the step pass");
        }
        return blockers;
    }

    private static SegmentRange range(Step step) {
        return new SegmentRange(step.firstHandedOver(), step.endHandedOver());
    }

    @Override
    public void prepare(Step step) {
        SegmentRange range = range(step);
        long deadline = migration.nanoTime() + step.budget().toNanos();
        hold(range);
        worker.limit.beginOwnStep(step.epoch());
        roles.assign(step.giver(), range, Role.FENCED, true, step.epoch());
        if (!migration.awaitEarlierUnits(step.budget())) {
            throw new StepRefusedException("units of work that began before the step were still running after "
                    + step.budget() + "; close scopes sooner, or allow a longer stepBudget");
        }
        drain(step, range, deadline);
        roles.assign(step.giver().other(), range, Role.FENCED, true, step.epoch());
    }

    /** What the taker owes there stands in the wrong place, and means that it may lack a write. */
    private Debt owed(SegmentRange range) {
        return books.legacy().debt(range).plus(books.target().debt(range)).plus(worker.besides(range));
    }

    /** Hastens again and again, ever more rarely: a node that claims keys meanwhile may be slow with them, stop, or die. */
    private void drain(Step step, SegmentRange range, long deadline) {
        hasten(range);
        long pause = FIRST_PATIENCE_NANOS;
        long hastenAt = migration.nanoTime() + pause;
        Debt debt = owed(range);
        while (!debt.isSettled()) {
            if (debt.isNone()) {
                throw new StepRefusedException(debt.dismissed() + " keys of records '" + records
                        + "' were dismissed and have not arrived at the "
                        + step.giver().other() + " side; retry them, or write them again");
            }
            if (migration.nanoTime() - deadline > 0) {
                throw new StepRefusedException(
                        debt.keys() + " keys of records '" + records + "' were still owed to the "
                                + step.giver().other() + " side after " + step.budget() + " (" + debt.parked()
                                + " of them parked), and " + debt.intents()
                                + " writes had not ended; wait until the debt is lower, or allow a longer stepBudget");
            }
            if (worker.work(step.giver()) + worker.work(step.giver().other()) == 0) {
                requireTakesCopies(step.giver().other(), range);
                Waiting.pause(POLL_NANOS / 5);
            }
            if (migration.nanoTime() - hastenAt > 0) {
                hasten(range);
                pause *= 2;
                hastenAt = migration.nanoTime() + pause;
            }
            debt = owed(range);
        }
    }

    private void hasten(SegmentRange range) {
        books.legacy().hasten(range);
        books.target().hasten(range);
    }

    /** Where a step was cut off whose range began or ended at the same segment, the taker is still fenced, and no copy will ever arrive. */
    private void requireTakesCopies(Side taker, SegmentRange range) {
        SideBooks books = this.books.of(taker);
        if (books.isReadable(range.from()) || books.isReadable(range.to() - 1)) {
            throw new StepRefusedException("the " + taker + " side was still fenced by a step that was cut off;"
                    + " that one has been taken back now: try again");
        }
    }

    @Override
    public void complete(Step step) {
        worker.limit.endOwnStep();
        Waiting.lock(learning);
        try {
            completeAlone(step);
        } finally {
            Waiting.unlock(learning);
        }
    }

    private void completeAlone(Step step) {
        boolean isRaisedOnly = step.from().equals(step.to());
        boolean beginsGeneration = step.from().stage() == Stage.LEGACY_ONLY && !isRaisedOnly;
        roles.apply(step.to(), step.epoch(), isRaisedOnly || beginsGeneration ? SegmentRange.ALL : null);
        hold(null);
        if (beginsGeneration && !migration.awaitEarlierUnits(step.budget())) {
            throw new StepRefusedException("units of work that began before dual writing were still running after "
                    + step.budget() + "; nothing is copied before they have ended: close them and call raiseEpoch(..)");
        }
        settleWhereAcknowledged(new Migration.View(step.to(), step.epoch()), generationOf(step.epoch()));
    }

    @Override
    public void abandon(Step step) {
        worker.limit.endOwnStep();
        roles.apply(step.from(), step.epoch(), range(step));
        hold(null);
    }
}
