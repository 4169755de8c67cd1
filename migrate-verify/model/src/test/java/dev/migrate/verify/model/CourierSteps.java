package dev.migrate.verify.model;

import static dev.migrate.verify.model.KeyState.name;
import static dev.migrate.verify.model.KeyState.other;

import dev.migrate.side.Role;
import dev.migrate.verify.model.IntentState.Caller;
import dev.migrate.verify.model.IntentState.Courier;
import dev.migrate.verify.model.IntentState.Courier.At;

/** What workers do that settle overdue intents, at any moment because clocks are apart, and copy what is owed. */
final class CourierSteps {
    private final Rules rules;

    CourierSteps(Rules rules) {
        this.rules = rules;
    }

    void steps(IntentState at, Steps<IntentState> steps) {
        for (int node = 0; node < at.nodes.length; node++) {
            if (at.nodes[node].hasIntent && rules.hold(Rule.OVERDUE_IS_SETTLED)) {
                settleOverdue(at, steps, node);
            }
        }
        for (int i = 0; i < at.couriers.length; i++) {
            switch (at.couriers[i].at) {
                case IDLE -> {
                    takeVersion(at, steps, i, IntentState.LEGACY);
                    takeVersion(at, steps, i, IntentState.TARGET);
                }
                case TOOK_VERSION -> takeValue(at, steps, i);
                case TOOK_BOTH -> send(at, steps, i);
                case SENT -> arrive(at, steps, i);
                case TO_SETTLE -> settle(at, steps, i);
            }
        }
    }

    /** The intent goes and the key is owed, in one step of the books, before anything is read. */
    private void settleOverdue(IntentState at, Steps<IntentState> steps, int node) {
        if (!rules.hold(Rule.SETTLED_BEFORE_READING)) {
            readBeforeSettling(at, steps, node);
            return;
        }
        IntentState next = steps.draft();
        Caller caller = next.nodes[node];
        int side = caller.side;
        caller.hasIntent = false;
        if (rules.hold(Rule.SETTLING_OWES)) {
            next.owe(side);
        }
        if (caller.at == Caller.At.DEAD) {
            caller.side = IntentState.LEGACY;
        }
        steps.take(next, IntentAction.SETTLES, node, name(side));
    }

    /** By a worker that has nothing else to do. */
    private static void readBeforeSettling(IntentState at, Steps<IntentState> steps, int node) {
        if (at.couriers[0].at != At.IDLE || at.nodes[node].isBeingSettled) {
            return;
        }
        IntentState next = steps.draft();
        Caller caller = next.nodes[node];
        Courier courier = next.couriers[0];
        caller.isBeingSettled = true;
        courier.at = At.TOOK_BOTH;
        courier.from = caller.side;
        courier.version = next.draw(caller.side);
        courier.value = at.row[caller.side];
        steps.take(next, IntentAction.READS_FIRST, node, Values.name(courier.value));
    }

    private void takeVersion(IntentState at, Steps<IntentState> steps, int i, int from) {
        if (!at.owes(from)) {
            return;
        }
        IntentState next = steps.draft();
        Courier courier = next.couriers[i];
        courier.at = At.TOOK_VERSION;
        courier.from = from;
        courier.version = at.owed[from];
        steps.take(next, IntentAction.TAKES_VERSION, i, Versions.name(courier.version), name(from));
    }

    private void takeValue(IntentState at, Steps<IntentState> steps, int i) {
        IntentState next = steps.draft();
        Courier courier = next.couriers[i];
        courier.at = At.TOOK_BOTH;
        courier.value = at.row[courier.from];
        steps.take(next, IntentAction.TAKES_VALUE, i, Values.name(courier.value), name(courier.from));
    }

    private void send(IntentState at, Steps<IntentState> steps, int i) {
        IntentState next = steps.draft();
        Courier courier = next.couriers[i];
        int from = courier.from;
        int to = other(from);
        if (at.role(to) == Role.SHADOW) {
            courier.at = At.SENT;
            steps.take(next, IntentAction.SENDS, i, name(to));
        } else if (at.role(from) == Role.SHADOW) {
            moveDebt(next, courier, to);
            steps.take(next, IntentAction.MOVES_DEBT, i, name(to));
        } else {
            courier.stop();
            steps.take(next, IntentAction.IS_REFUSED, i, name(to));
        }
    }

    /** What a side owes that has ceased to be the authority is the other's to pay: it is the one that is right. */
    private static void moveDebt(IntentState next, Courier courier, int to) {
        next.owe(to);
        if (next.owed[courier.from] == courier.version) {
            next.owed[courier.from] = Versions.NONE;
        }
        courier.stop();
    }

    private void arrive(IntentState at, Steps<IntentState> steps, int i) {
        IntentState next = steps.draft();
        Courier courier = next.couriers[i];
        int to = other(courier.from);
        boolean isTaken = IntentCallSteps.put(next, to, courier.value, courier.version, rules);
        courier.at = At.TO_SETTLE;
        courier.value = Values.ABSENT;
        steps.take(next, IntentAction.ARRIVES, i, name(to), isTaken ? "taken" : "refused as older");
    }

    private static void settle(IntentState at, Steps<IntentState> steps, int i) {
        IntentState next = steps.draft();
        Courier courier = next.couriers[i];
        String version = Versions.name(courier.version);
        if (at.owed[courier.from] == courier.version) {
            next.owed[courier.from] = Versions.NONE;
        }
        for (Caller caller : next.nodes) {
            caller.hasIntent = caller.hasIntent && !caller.isBeingSettled;
            caller.isBeingSettled = false;
        }
        courier.stop();
        steps.take(next, IntentAction.CLEARS, i, version);
    }
}
