package dev.migrate.verify.model;

import static dev.migrate.verify.model.IntentState.LEGACY;
import static dev.migrate.verify.model.IntentState.TARGET;
import static dev.migrate.verify.model.KeyState.name;

import dev.migrate.verify.model.IntentState.Phase;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes call sides that share no transaction with their books, with an intent before each call, while authority moves and workers
 * settle intents whose deadline has passed: at any moment, because clocks are apart and nodes pause for as long as they like.
 */
final class IntentModel implements Model<IntentState> {
    private final Scope scope;
    private final int[] values;
    private final IntentCallSteps calls;
    private final CourierSteps couriers;

    /**
     * How much of it is looked at.
     *
     * @param couriers how many workers copy what is owed
     * @param deaths how many nodes die in the middle of a call
     */
    record Scope(int couriers, int deaths) {}

    IntentModel(Rules rules, Scope scope, int... values) {
        this.scope = scope;
        this.values = values;
        this.calls = new IntentCallSteps(rules, values);
        this.couriers = new CourierSteps(rules);
    }

    @Override
    public IntentState initial() {
        IntentState state = new IntentState(scope.couriers());
        state.deaths = scope.deaths();
        state.writes = (1 << values.length) - 1;
        return state;
    }

    @Override
    public void steps(IntentState at, Steps<IntentState> steps) {
        calls.steps(at, steps);
        couriers.steps(at, steps);
        switch (at.phase) {
            case RESTING -> enter(steps, Phase.GIVER_FENCED, IntentAction.FENCES_GIVER);
            case GIVER_FENCED -> {
                if (!at.hasIntents() && !at.owes(LEGACY) && !at.owes(TARGET)) {
                    enter(steps, Phase.TAKER_FENCED, IntentAction.FENCES_TAKER);
                }
            }
            case TAKER_FENCED -> enter(steps, Phase.POSITION_CHANGED, IntentAction.CHANGES_POSITION);
            case POSITION_CHANGED -> enter(steps, Phase.GIVER_SHADOW, IntentAction.GIVER_TO_SHADOW);
            case GIVER_SHADOW -> enter(steps, Phase.OPENED, IntentAction.OPENS);
            case OPENED -> {}
        }
    }

    private static void enter(Steps<IntentState> steps, Phase phase, IntentAction action) {
        IntentState next = steps.draft();
        next.phase = phase;
        steps.take(next, action);
    }

    @Override
    public @Nullable Violation violation(IntentState at) {
        int side = at.sideOfReads();
        return mayBeRead(at, at.row[side])
                ? null
                : new Violation(
                        Promise.NO_STALE_READ,
                        Values.name(at.row[side]) + " is read on " + name(side)
                                + ", where a later write was acknowledged");
    }

    /** A write whose outcome its caller does not know may have taken effect or not: both is right. */
    private boolean mayBeRead(IntentState at, int value) {
        if (value == Values.INITIAL) {
            return at.acknowledged == 0;
        }
        for (int write = 0; write < values.length; write++) {
            if (values[write] == value) {
                int bit = 1 << write;
                return (at.acknowledged & bit) == 0 || (at.superseded & bit) == 0;
            }
        }
        return false;
    }

    @Override
    public @Nullable Violation violationAtRest(IntentState at) {
        if (at.phase != Phase.OPENED || at.hasIntents() || at.owes(LEGACY) || at.owes(TARGET)) {
            return new Violation(Promise.NOTHING_IS_STUCK, "the handover stands still at " + at.phase);
        }
        return at.row[LEGACY] == at.row[TARGET]
                ? null
                : new Violation(
                        Promise.CONVERGENCE,
                        "at rest, but legacy holds " + Values.name(at.row[LEGACY]) + ", target "
                                + Values.name(at.row[TARGET]));
    }

    @Override
    public String toString() {
        return "intents, " + values.length + " writes, " + scope.couriers() + " couriers, " + scope.deaths()
                + " deaths";
    }
}
