package dev.migrate.verify.model;

import static dev.migrate.verify.model.KeyState.LEGACY;

import dev.migrate.verify.model.RestoreState.Restore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The authoritative database is restored: its row, its journal and its sequence go back, while what was copied from it stays copied.
 *
 * <p>What is promised afterwards is promised for keys that are written again. Where the target has what the restore has undone, and the key
 * is not written again, only a reconciliation finds it.
 */
final class RestoreModel implements Model<RestoreState> {
    private final Rules rules;
    private final List<Integer> values;
    private final CopierSteps<RestoreState> copiers;

    RestoreModel(Rules rules, Integer... values) {
        this.rules = rules;
        this.values = List.of(values);
        this.copiers = new CopierSteps<>(rules);
    }

    @Override
    public RestoreState initial() {
        return new RestoreState(values.size());
    }

    @Override
    public void steps(RestoreState at, Steps<RestoreState> steps) {
        if (at.restore != Restore.RESTORED || !rules.hold(Rule.EPOCH_RAISED_AFTER_RESTORE)) {
            write(at, steps);
        }
        copiers.steps(at, steps, true);
        RestoreState next;
        switch (at.restore) {
            case NOT_SAVED -> {
                next = steps.draft();
                next.restore = Restore.SAVED;
                next.savedRow = at.row[LEGACY];
                next.savedOwed = at.owed[LEGACY];
                next.savedSequence = at.sequence[LEGACY];
                steps.take(next, RestoreAction.SAVES, Values.name(next.savedRow), next.savedSequence);
            }
            case SAVED -> restore(at, steps);
            case RESTORED -> {
                next = steps.draft();
                next.restore = Restore.RAISED;
                next.epoch[LEGACY]++;
                steps.take(next, RestoreAction.RAISES_EPOCH);
            }
            case RAISED -> {}
        }
    }

    private void write(RestoreState at, Steps<RestoreState> steps) {
        for (int write = 0; write < values.size(); write++) {
            if ((at.writes & 1 << write) != 0) {
                RestoreState next = steps.draft();
                next.writes &= ~(1 << write);
                next.row[LEGACY] = values.get(write);
                next.owe(LEGACY, next.draw(LEGACY, rules));
                next.isWritten = at.restore.compareTo(Restore.RESTORED) >= 0;
                steps.take(next, RestoreAction.WRITES, Values.name(next.row[LEGACY]), Versions.name(next.owed[LEGACY]));
            }
        }
    }

    private static void restore(RestoreState at, Steps<RestoreState> steps) {
        RestoreState next = steps.draft();
        next.restore = Restore.RESTORED;
        next.row[LEGACY] = at.savedRow;
        next.owe(LEGACY, at.savedOwed);
        next.sequence[LEGACY] = at.savedSequence;
        next.savedRow = Values.ABSENT;
        next.savedOwed = Versions.NONE;
        next.savedSequence = 0;
        steps.take(next, RestoreAction.RESTORES, Values.name(at.savedRow), at.savedSequence);
    }

    @Override
    public @Nullable Violation violation(RestoreState at) {
        return at.isWritten && !at.owes(LEGACY) && !at.isEqual()
                ? new Violation(Promise.NO_HIDDEN_DEBT, "nothing is owed, but " + at.differing())
                : null;
    }

    @Override
    public @Nullable Violation violationAtRest(RestoreState at) {
        return at.owes(LEGACY) ? new Violation(Promise.CONVERGENCE, "the key is owed for ever") : null;
    }

    @Override
    public String toString() {
        return "restore, " + values.stream().map(Values::name).toList();
    }
}
