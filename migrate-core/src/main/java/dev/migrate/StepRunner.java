package dev.migrate;

import dev.migrate.internal.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Makes the steps of one migration, one at a time.
 *
 * <p>A step that moves no authority is one change in the store, followed by the participants' part. A handover takes an epoch of its
 * own first, so that whatever an earlier controller still does is refused by the sides; then it prepares, changes the store, and
 * completes. What fails before the store has changed is abandoned under a still later epoch; what fails after stands, and
 * {@link Migration#raiseEpoch} completes it.
 */
final class StepRunner {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private final Migration migration;
    private final Duration budget;
    private final Duration lease;
    private final StepParts parts;
    private final ReentrantLock stepping = new ReentrantLock();
    private final List<StepParticipant> participants = new CopyOnWriteArrayList<>();

    StepRunner(Migration migration, Duration budget, Duration lease) {
        this.migration = migration;
        this.budget = budget;
        this.lease = lease;
        this.parts = new StepParts(migration);
    }

    /** Not in the middle of a step, which would be completed by somebody who has not prepared it. */
    void attach(StepParticipant participant) {
        Waiting.lock(stepping);
        try {
            participants.add(participant);
        } finally {
            Waiting.unlock(stepping);
        }
    }

    StepParts parts() {
        return parts;
    }

    void detach(StepParticipant participant) {
        Waiting.lock(stepping);
        try {
            participants.remove(participant);
        } finally {
            Waiting.unlock(stepping);
        }
    }

    List<StepParticipant> participants() {
        return List.copyOf(participants);
    }

    void step(Position to, String why) {
        Waiting.lock(stepping);
        try {
            stepAlone(to, why);
        } finally {
            Waiting.unlock(stepping);
        }
    }

    private void stepAlone(Position to, String why) {
        Migration.View view = migration.refresh();
        Position from = view.position();
        from.refusalOfStepTo(to).ifPresent(reason -> {
            throw refused(from, to, List.of(reason));
        });
        Step step = new Step(from, to, view.epoch(), budget);
        List<String> blockers = blockers(step);
        boolean waitsForUnits = !participants.isEmpty() && (step.handsOver() || from.stage() == Stage.LEGACY_ONLY);
        if (waitsForUnits && migration.isPinned()) {
            blockers.add(
                    "this thread is in a unit of work, and the step would wait for itself; take it outside of any scope and"
                            + " transaction");
        }
        if (!blockers.isEmpty()) {
            throw refused(from, to, blockers);
        }
        requireAcknowledged(step.epoch());
        try {
            migration.stepping(true);
            if (step.handsOver() && !participants.isEmpty()) {
                handOver(step, why);
            } else {
                complete(step.at(migration.change(view.epoch(), to, why).epoch()));
            }
        } finally {
            migration.stepping(false);
        }
    }

    /** No step begins before the last one has been acknowledged; nothing is held meanwhile, so that there is time for a lease to run out. */
    void requireAcknowledged(long epoch) {
        List<String> behind = await(() -> behind(epoch), budget.plus(lease));
        if (!behind.isEmpty()) {
            throw new StepRefusedException("migration '" + migration.name() + "' stays where it stands: "
                    + String.join(", ", behind) + " has not acknowledged epoch " + epoch
                    + " yet; wait until its units of work of before have ended, and try again");
        }
    }

    private List<String> behind(long epoch) {
        migration.beat();
        return ChangeRules.behind(epoch, migration.store().nodes(migration.name()));
    }

    /** The live nodes that still route by an earlier epoch. */
    private List<String> unaware(long epoch) {
        migration.beat();
        return migration.store().nodes(migration.name()).stream()
                .filter(node -> node.isLive() && node.seen() < epoch)
                .map(node -> "node '" + node.name() + "' (at epoch " + node.seen() + ")")
                .toList();
    }

    /** Looks again and again until nobody is named; returns who is named at the end. */
    private List<String> await(Supplier<List<String>> named, Duration limit) {
        long deadline = migration.nanoTime() + limit.toNanos();
        List<String> left = named.get();
        while (!left.isEmpty() && migration.nanoTime() - deadline < 0) {
            Waiting.pause(POLL_NANOS);
            left = named.get();
        }
        return left;
    }

    private List<String> blockers(Step step) {
        List<String> blockers = new ArrayList<>(step.handsOver() ? parts.missing(participants) : List.of());
        for (StepParticipant participant : participants) {
            blockers.addAll(participant.blockers(step.from(), step.to()));
        }
        return blockers;
    }

    void raiseEpoch(String why) {
        Waiting.lock(stepping);
        try {
            raiseEpochAlone(why);
        } finally {
            Waiting.unlock(stepping);
        }
    }

    private void raiseEpochAlone(String why) {
        Migration.View view = migration.refresh();
        Migration.View raised = migration.change(view.epoch(), view.position(), why);
        Step step = new Step(view.position(), view.position(), raised.epoch(), budget);
        requireSeen(step, migration.nanoTime());
        complete(step);
    }

    /** Each phase is known to all live nodes before the next begins. */
    private void handOver(Step step, String why) {
        Step announced = step.at(migration
                .change(step.epoch(), step.from(), "begins to step to " + step.to() + ": " + why)
                .epoch());
        long announcedAt = migration.nanoTime();
        Step reached = announced;
        long held;
        try {
            requireAcknowledged(announced.epoch());
            acknowledged(announced.epoch(), announcedAt);
            held = migration.nanoTime();
            for (StepParticipant participant : participants) {
                participant.prepare(announced);
            }
            reached = announced.at(
                    migration.change(announced.epoch(), step.to(), why).epoch());
            requireSeen(reached, held);
        } catch (Exception | Error failure) {
            throw abandon(reached, failure);
        }
        complete(reached);
        migration.publish(new MigrationEvent.HandoverCompleted(
                migration.name(), step.giver(), segments(step), Duration.ofNanos(migration.nanoTime() - held)));
    }

    private void acknowledged(long epoch, long since) {
        int nodes = (int) migration.store().nodes(migration.name()).stream()
                .filter(Node::isLive)
                .count();
        migration.publish(new MigrationEvent.StepAcknowledged(
                migration.name(), epoch, nodes, Duration.ofNanos(migration.nanoTime() - since)));
    }

    /** Reads go by the new position on every live node, or the giver must not become the shadow. */
    private void requireSeen(Step step, long since) {
        List<String> unaware = await(
                () -> unaware(step.epoch()),
                budget.minusNanos(migration.nanoTime() - since).plus(lease));
        if (!unaware.isEmpty()) {
            throw new StepRefusedException(String.join(", ", unaware) + " did not learn of epoch " + step.epoch()
                    + " in time; see whether it can reach the store");
        }
    }

    private static int segments(Step step) {
        return step.endHandedOver() - step.firstHandedOver();
    }

    private RuntimeException abandon(Step reached, Throwable failure) {
        String reason = failure.getMessage() == null ? failure.getClass().getName() : failure.getMessage();
        StepRefusedException refusal = new StepRefusedException("migration '" + migration.name() + "' stays at "
                + reached.from() + ": the step to " + reached.to() + " was abandoned, because " + reason);
        refusal.initCause(failure);
        try {
            boolean hadMoved = migration.refresh().position().equals(reached.to());
            Step taken = reached.at(migration
                    .change(reached.epoch(), reached.from(), "abandoned the step to " + reached.to())
                    .epoch());
            if (hadMoved) {
                requireSeen(taken, migration.nanoTime());
            }
            for (StepParticipant participant : participants) {
                participant.abandon(taken);
            }
        } catch (Exception cleanup) {
            refusal.addSuppressed(cleanup);
        }
        migration.publish(
                new MigrationEvent.HandoverAbandoned(migration.name(), reached.giver(), segments(reached), reason));
        return refusal;
    }

    private void complete(Step step) {
        for (StepParticipant participant : participants) {
            try {
                participant.complete(step);
            } catch (StaleChangeException overtaken) {
                throw overtaken; // whoever has taken over brings the sides in line
            } catch (Exception failure) {
                throw new MigrationException(
                        "migration '" + migration.name() + "' stands at " + step.to()
                                + ", but a side could not be told; writes of some keys may be refused until raiseEpoch(..) is called",
                        failure);
            }
        }
    }

    private StepRefusedException refused(Position from, Position to, List<String> reasons) {
        return new StepRefusedException("migration '" + migration.name() + "' may not step from " + from + " to " + to
                + ": " + String.join("; ", reasons));
    }
}
