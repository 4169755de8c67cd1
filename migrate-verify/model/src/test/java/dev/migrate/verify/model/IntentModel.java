package dev.migrate.verify.model;

import static dev.migrate.verify.model.IntentState.LEGACY;
import static dev.migrate.verify.model.IntentState.TARGET;
import static dev.migrate.verify.model.KeyState.name;
import static dev.migrate.verify.model.KeyState.other;

import dev.migrate.verify.model.IntentState.Caller;
import dev.migrate.verify.model.IntentState.Intent;
import dev.migrate.verify.model.IntentState.Phase;
import dev.migrate.verify.model.IntentState.Settler;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes call a side that shares no transaction with a journal, with an intent before each call, while authority moves and a worker
 * settles intents whose deadline has passed: at any moment, because clocks are apart and nodes pause for as long as they like.
 */
final class IntentModel implements Model<IntentState> {
    private final Rules rules;
    private final int deaths;
    private final int[] values;
    private final IntentCallSteps calls;

    /**
     * A model of some writes.
     *
     * @param deaths how many times the worker dies
     * @param values the values that are written
     */
    IntentModel(Rules rules, int deaths, int... values) {
        this.rules = rules;
        this.deaths = deaths;
        this.values = values;
        this.calls = new IntentCallSteps(rules, values);
    }

    @Override
    public IntentState initial() {
        IntentState state = new IntentState();
        state.deaths = deaths;
        state.writes = (1 << values.length) - 1;
        return state;
    }

    @Override
    public void steps(IntentState at, Steps<IntentState> steps) {
        calls.steps(at, steps);
        if (at.settler.isCopying) {
            settle(at, steps);
            if (at.deaths > 0) {
                die(at, steps);
            }
        } else {
            for (int node = 0; node < at.nodes.length; node++) {
                claim(at, steps, node);
            }
            takeDebt(at, steps);
        }
        control(at, steps);
    }

    private void claim(IntentState at, Steps<IntentState> steps, int node) {
        Intent intent = at.nodes[node].intent;
        boolean isLeft = intent == Intent.CLAIMED && !rules.hold(Rule.CLAIMS_RUN_OUT);
        if (intent == Intent.NONE || isLeft) {
            return;
        }
        IntentState next = steps.draft();
        Caller caller = next.nodes[node];
        caller.isBeingSettled = true;
        if (rules.hold(Rule.CLAIMS_BEFORE_READING)) {
            caller.intent = Intent.CLAIMED;
        }
        take(next);
        Settler settler = next.settler;
        steps.take(next, IntentAction.CLAIMS, node, Versions.name(settler.version), Values.name(settler.value));
    }

    private static void takeDebt(IntentState at, Steps<IntentState> steps) {
        if (at.isOwed) {
            IntentState next = steps.draft();
            next.isOwed = false;
            take(next);
            Settler settler = next.settler;
            steps.take(next, IntentAction.TAKES_DEBT, Versions.name(settler.version), Values.name(settler.value));
        }
    }

    private static void take(IntentState next) {
        Settler settler = next.settler;
        settler.isCopying = true;
        settler.from = next.authority();
        settler.version = next.draw(settler.from);
        settler.value = next.row[settler.from];
    }

    private void settle(IntentState at, Steps<IntentState> steps) {
        IntentState next = steps.draft();
        int to = other(at.settler.from);
        IntentCallSteps.put(next, to, at.settler.value, at.settler.version, rules);
        for (Caller caller : next.nodes) {
            if (caller.isBeingSettled) {
                caller.isBeingSettled = false;
                caller.intent = Intent.NONE;
            }
        }
        next.settler.stop();
        steps.take(next, IntentAction.SETTLES, name(to));
    }

    /** Its claim runs out, and what it took up is there for another. */
    private static void die(IntentState at, Steps<IntentState> steps) {
        IntentState next = steps.draft();
        next.deaths--;
        boolean settledIntent = false;
        for (Caller caller : next.nodes) {
            settledIntent |= caller.isBeingSettled;
            caller.isBeingSettled = false;
        }
        next.isOwed = at.isOwed || !settledIntent;
        next.settler.stop();
        steps.take(next, IntentAction.WORKER_DIES);
    }

    private static void control(IntentState at, Steps<IntentState> steps) {
        boolean isDrained = !at.hasIntents() && !at.isOwed && !at.settler.isCopying;
        switch (at.phase) {
            case RESTING -> enter(steps, Phase.FENCED, IntentAction.FENCES);
            case FENCED -> {
                if (isDrained) {
                    enter(steps, Phase.DRAINED, IntentAction.DRAINS);
                }
            }
            case DRAINED -> enter(steps, Phase.READS_TARGET, IntentAction.TURNS_READS);
            case READS_TARGET -> enter(steps, Phase.OPENED, IntentAction.OPENS);
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
        if (at.phase != Phase.OPENED || at.hasIntents() || at.isOwed) {
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
        return "intents, " + values.length + " writes, " + deaths + " deaths";
    }
}
