package dev.migrate.verify.model;

import static dev.migrate.verify.model.IntentState.LEGACY;
import static dev.migrate.verify.model.KeyState.name;
import static dev.migrate.verify.model.KeyState.other;

import dev.migrate.verify.model.IntentState.Caller;
import dev.migrate.verify.model.IntentState.Intent;
import dev.migrate.verify.model.IntentState.Phase;

/** What three nodes do, each of which may be paused between any two steps for as long as you like: no lease is asked, no clock. */
final class IntentCallSteps {
    private final Rules rules;
    private final int[] values;

    IntentCallSteps(Rules rules, int[] values) {
        this.rules = rules;
        this.values = values;
    }

    void steps(IntentState at, Steps<IntentState> steps) {
        for (int node = 0; node < at.nodes.length; node++) {
            switch (at.nodes[node].at) {
                case IDLE -> begin(at, steps, node);
                case SENT -> land(at, steps, node);
                case LANDED -> answer(at, steps, node);
                case ACKNOWLEDGED -> takeCopy(at, steps, node);
                case COPYING -> copy(at, steps, node);
                case TO_CLEAR -> clear(steps, node);
            }
        }
    }

    private void begin(IntentState at, Steps<IntentState> steps, int node) {
        if (at.nodes[node].intent != Intent.NONE) {
            return;
        }
        boolean isFenced = at.phase != Phase.RESTING && at.phase != Phase.OPENED;
        for (int write = 0; write < values.length; write++) {
            if ((at.writes & 1 << write) != 0) {
                if (!isFenced) {
                    begin(at, steps, node, write, at.authority(), IntentAction.BEGINS);
                }
                if (at.phase != Phase.RESTING && !rules.hold(Rule.INTENT_REFUSED_IF_FENCED)) {
                    begin(at, steps, node, write, LEGACY, IntentAction.BEGINS_UNCHECKED);
                }
            }
        }
    }

    private void begin(
            IntentState at, Steps<IntentState> steps, int node, int write, int side, IntentAction action) {
        IntentState next = steps.draft();
        next.writes &= ~(1 << write);
        Caller caller = next.nodes[node];
        caller.at = Caller.At.SENT;
        caller.intent = Intent.OPEN;
        caller.write = write;
        caller.side = side;
        caller.version = next.draw(side);
        caller.before = at.acknowledged;
        steps.take(next, action, node, name(side), Values.name(values[write]), Versions.name(caller.version));
    }

    private void land(IntentState at, Steps<IntentState> steps, int node) {
        IntentState next = steps.draft();
        Caller caller = next.nodes[node];
        boolean isTaken = put(next, caller.side, values[caller.write], caller.version, rules);
        caller.at = Caller.At.LANDED;
        caller.version = Versions.NONE;
        steps.take(next, isTaken ? IntentAction.LANDS : IntentAction.LANDS_REFUSED, node, name(caller.side));
    }

    /** A versioned side takes what is later than what it has. */
    static boolean put(IntentState next, int side, int value, int version, Rules rules) {
        if (version <= next.version[side] && rules.hold(Rule.SIDE_REFUSES_OLDER)) {
            return false;
        }
        next.row[side] = value;
        next.version[side] = Math.max(version, next.version[side]);
        return true;
    }

    private void answer(IntentState at, Steps<IntentState> steps, int node) {
        IntentState next = steps.draft();
        Caller caller = next.nodes[node];
        String value = Values.name(values[caller.write]);
        if (caller.intent == Intent.OPEN || !rules.hold(Rule.ACKNOWLEDGES_UNCLAIMED)) {
            next.acknowledged |= 1 << caller.write;
            next.superseded |= caller.before;
            int side = caller.side;
            caller.stop();
            caller.at = Caller.At.ACKNOWLEDGED;
            caller.side = side;
            steps.take(next, IntentAction.ACKNOWLEDGES, node, value);
        } else {
            next.isOwed = at.isOwed || rules.hold(Rule.UNKNOWN_IS_OWED);
            caller.stop();
            steps.take(next, IntentAction.IS_UNKNOWN, node, value);
        }
    }

    /** The version is drawn in the store, where the intent is: so a worker that has claimed it always has a later one. */
    private void takeCopy(IntentState at, Steps<IntentState> steps, int node) {
        IntentState next = steps.draft();
        Caller caller = next.nodes[node];
        if (caller.intent != Intent.OPEN && rules.hold(Rule.DRAWS_UNCLAIMED)) {
            caller.stop();
            steps.take(next, IntentAction.LEAVES_COPY, node);
            return;
        }
        caller.at = Caller.At.COPYING;
        caller.version = next.draw(caller.side);
        caller.value = at.row[caller.side];
        steps.take(next, IntentAction.TAKES, node, Versions.name(caller.version), Values.name(caller.value));
    }

    private void copy(IntentState at, Steps<IntentState> steps, int node) {
        IntentState next = steps.draft();
        Caller caller = next.nodes[node];
        int to = other(caller.side);
        put(next, to, caller.value, caller.version, rules);
        caller.stop();
        caller.at = Caller.At.TO_CLEAR;
        steps.take(next, IntentAction.COPIES, node, name(to));
    }

    private static void clear(Steps<IntentState> steps, int node) {
        IntentState next = steps.draft();
        Caller caller = next.nodes[node];
        caller.stop();
        if (caller.intent == Intent.OPEN) {
            caller.intent = Intent.NONE;
        }
        steps.take(next, IntentAction.CLEARS, node);
    }
}
