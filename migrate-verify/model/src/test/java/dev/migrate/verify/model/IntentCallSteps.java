package dev.migrate.verify.model;

import static dev.migrate.verify.model.IntentState.LEGACY;
import static dev.migrate.verify.model.KeyState.name;

import dev.migrate.side.Role;
import dev.migrate.verify.model.IntentState.Caller;
import dev.migrate.verify.model.IntentState.Caller.At;

/**
 * What three nodes do that call a side, each of which may be paused between any two steps for as long as you like: no lease is asked.
 *
 * <p>The call of a node that dies takes effect before its deadline or never, as the deadline says. One that takes effect later, and whose
 * caller does not live to owe it, is found by a reconciliation alone.
 */
final class IntentCallSteps {
    private final Rules rules;
    private final int[] values;

    IntentCallSteps(Rules rules, int[] values) {
        this.rules = rules;
        this.values = values;
    }

    void steps(IntentState at, Steps<IntentState> steps) {
        for (int node = 0; node < at.nodes.length; node++) {
            At stands = at.nodes[node].at;
            switch (stands) {
                case IDLE -> begin(at, steps, node);
                case SENT -> land(at, steps, node);
                case LANDED -> answer(at, steps, node);
                case TO_OWE -> oweLater(at, steps, node);
                case DEAD -> {}
            }
            if (at.deaths > 0 && at.nodes[node].hasIntent) {
                IntentState next = steps.draft();
                next.deaths--;
                next.nodes[node].end(At.DEAD);
                steps.take(next, IntentAction.DIES, node);
            }
        }
    }

    private void begin(IntentState at, Steps<IntentState> steps, int node) {
        if (at.nodes[node].hasIntent) {
            return;
        }
        for (int write = 0; write < values.length; write++) {
            if ((at.writes & 1 << write) != 0) {
                for (int side = 0; side < 2; side++) {
                    if (at.role(side) == Role.AUTHORITY) {
                        begin(at, steps, node, write, side, IntentAction.BEGINS);
                    } else if (side == LEGACY && !rules.hold(Rule.INTENT_REFUSED_IF_FENCED)) {
                        begin(at, steps, node, write, side, IntentAction.BEGINS_UNCHECKED);
                    }
                }
            }
        }
    }

    private void begin(IntentState at, Steps<IntentState> steps, int node, int write, int side, IntentAction action) {
        IntentState next = steps.draft();
        next.writes &= ~(1 << write);
        Caller caller = next.nodes[node];
        caller.at = At.SENT;
        caller.hasIntent = true;
        caller.write = write;
        caller.side = side;
        caller.version = next.draw(side);
        caller.before = at.acknowledged;
        steps.take(next, action, node, name(side), Values.name(values[write]), Versions.name(caller.version));
    }

    private void land(IntentState at, Steps<IntentState> steps, int node) {
        IntentState next = steps.draft();
        Caller caller = next.nodes[node];
        int side = caller.side;
        if (put(next, side, values[caller.write], caller.version, rules)) {
            caller.at = At.LANDED;
            caller.version = Versions.NONE;
            steps.take(next, IntentAction.LANDS, node, name(side));
        } else {
            next.writes |= 1 << caller.write;
            next.owe(side);
            caller.hasIntent = false;
            caller.end(At.IDLE);
            steps.take(next, IntentAction.IS_OVERTAKEN, node, name(side));
        }
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
        if (at.nodes[node].hasIntent) {
            acknowledge(at, steps, node);
        } else if (rules.hold(Rule.ACKNOWLEDGES_UNSETTLED)) {
            leaveUnknown(at, steps, node);
        } else {
            IntentState next = acknowledged(steps, node);
            int side = at.nodes[node].side;
            next.owe(side);
            steps.take(next, IntentAction.ACKNOWLEDGES_SETTLED, node, valueOf(at, node));
        }
    }

    private String valueOf(IntentState at, int node) {
        return Values.name(values[at.nodes[node].write]);
    }

    /** The intent goes and the key is owed, in one step of the books. */
    private void acknowledge(IntentState at, Steps<IntentState> steps, int node) {
        IntentState next = acknowledged(steps, node);
        int side = at.nodes[node].side;
        if (rules.hold(Rule.ACKNOWLEDGING_OWES)) {
            next.owe(side);
            steps.take(next, IntentAction.ACKNOWLEDGES, node, valueOf(at, node));
        } else {
            next.nodes[node].at = At.TO_OWE;
            next.nodes[node].side = side;
            steps.take(next, IntentAction.ACKNOWLEDGES_FIRST, node, valueOf(at, node));
        }
    }

    private static IntentState acknowledged(Steps<IntentState> steps, int node) {
        IntentState next = steps.draft();
        Caller caller = next.nodes[node];
        next.acknowledged |= 1 << caller.write;
        next.superseded |= caller.before;
        caller.hasIntent = false;
        caller.isBeingSettled = false;
        caller.end(At.IDLE);
        return next;
    }

    private void leaveUnknown(IntentState at, Steps<IntentState> steps, int node) {
        IntentState next = steps.draft();
        Caller caller = next.nodes[node];
        if (rules.hold(Rule.UNKNOWN_IS_OWED)) {
            next.owe(caller.side);
        }
        caller.end(At.IDLE);
        steps.take(next, IntentAction.IS_UNKNOWN, node, valueOf(at, node));
    }

    private static void oweLater(IntentState at, Steps<IntentState> steps, int node) {
        IntentState next = steps.draft();
        next.owe(at.nodes[node].side);
        next.nodes[node].end(At.IDLE);
        steps.take(next, IntentAction.OWES_LATER, node);
    }
}
