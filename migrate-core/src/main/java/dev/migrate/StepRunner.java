package dev.migrate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Makes the steps of one migration, one at a time.
 *
 * <p>A step that moves no authority is one change in the store, followed by the participants' part. A handover takes an epoch of its
 * own first, so that whatever an earlier controller still does is refused by the sides; then it prepares, changes the store, and
 * completes. What fails before the store has changed is abandoned under a still later epoch; what fails after stands, and
 * {@link Migration#raiseEpoch} completes it.
 */
final class StepRunner {
    private final Migration migration;
    private final Duration budget;
    private final List<StepParticipant> participants = new CopyOnWriteArrayList<>();

    StepRunner(Migration migration, Duration budget) {
        this.migration = migration;
        this.budget = budget;
    }

    synchronized void attach(StepParticipant participant) {
        participants.add(participant);
    }

    synchronized void detach(StepParticipant participant) {
        participants.remove(participant);
    }

    List<StepParticipant> participants() {
        return List.copyOf(participants);
    }

    synchronized void step(Position to, String why) {
        Migration.View view = migration.refresh();
        Position from = view.position();
        from.refusalOfStepTo(to).ifPresent(reason -> {
            throw refused(from, to, List.of(reason));
        });
        Step step = new Step(from, to, view.epoch(), budget);
        List<String> blockers = blockers(step);
        if (!blockers.isEmpty()) {
            throw refused(from, to, blockers);
        }
        if (step.handsOver() && !participants.isEmpty()) {
            handOver(step, why);
        } else {
            complete(step.at(migration.change(view.epoch(), to, why).epoch()));
        }
    }

    private List<String> blockers(Step step) {
        List<String> blockers = new ArrayList<>();
        for (StepParticipant participant : participants) {
            blockers.addAll(participant.blockers(step.from(), step.to()));
        }
        return blockers;
    }

    synchronized void raiseEpoch(String why) {
        Migration.View view = migration.refresh();
        Migration.View raised = migration.change(view.epoch(), view.position(), why);
        complete(new Step(view.position(), view.position(), raised.epoch(), budget));
    }

    private void handOver(Step step, String why) {
        long begun = migration.nanoTime();
        Step prepared = step.at(migration
                .change(step.epoch(), step.from(), "begins to step to " + step.to() + ": " + why)
                .epoch());
        try {
            for (StepParticipant participant : participants) {
                participant.prepare(prepared);
            }
        } catch (Exception | Error failure) {
            throw abandon(prepared, failure);
        }
        Step made =
                prepared.at(migration.change(prepared.epoch(), step.to(), why).epoch());
        complete(made);
        migration.publish(new MigrationEvent.HandoverCompleted(
                migration.name(), step.giver(), segments(step), Duration.ofNanos(migration.nanoTime() - begun)));
    }

    private static int segments(Step step) {
        return step.endHandedOver() - step.firstHandedOver();
    }

    private RuntimeException abandon(Step prepared, Throwable failure) {
        String reason = failure.getMessage() == null ? failure.getClass().getName() : failure.getMessage();
        StepRefusedException refusal = new StepRefusedException("migration '" + migration.name() + "' stays at "
                + prepared.from() + ": the step to " + prepared.to() + " was abandoned, because " + reason);
        refusal.initCause(failure);
        try {
            Step taken = prepared.at(migration
                    .change(prepared.epoch(), prepared.from(), "abandoned the step to " + prepared.to())
                    .epoch());
            for (StepParticipant participant : participants) {
                participant.abandon(taken);
            }
        } catch (Exception cleanup) {
            refusal.addSuppressed(cleanup);
        }
        migration.publish(
                new MigrationEvent.HandoverAbandoned(migration.name(), prepared.giver(), segments(prepared), reason));
        return refusal;
    }

    private void complete(Step step) {
        for (StepParticipant participant : participants) {
            try {
                participant.complete(step);
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
