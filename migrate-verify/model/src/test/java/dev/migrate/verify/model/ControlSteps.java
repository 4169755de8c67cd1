package dev.migrate.verify.model;

import static dev.migrate.verify.model.KeyState.name;
import static dev.migrate.verify.model.KeyState.other;

import dev.migrate.side.Role;
import dev.migrate.verify.model.ControlState.Controlling;
import dev.migrate.verify.model.ControlState.Controlling.Next;

/**
 * What a node does as a controller. Between any two of these steps it may be paused, and another may take over: a statement that is
 * on its way then arrives late.
 */
final class ControlSteps {
    private final Rules rules;
    private final int lastEpoch;

    /**
     * The steps of controllers.
     *
     * @param lastEpoch no step is begun, and none is taken over, from this epoch on
     */
    ControlSteps(Rules rules, int lastEpoch) {
        this.rules = rules;
        this.lastEpoch = lastEpoch;
    }

    void steps(ControlState at, Steps<ControlState> steps) {
        for (int node = 0; node < at.nodes.length; node++) {
            Controlling each = at.nodes[node];
            switch (each.next) {
                case NOTHING -> decide(at, steps, node);
                case FENCE_GIVER -> fence(at, steps, node, other(each.goal), Next.DRAIN);
                case DRAIN -> drain(at, steps, node);
                case FENCE_TAKER -> fence(at, steps, node, each.goal, Next.CHANGE_POSITION);
                case CHANGE_POSITION -> changePosition(at, steps, node);
                case AWAIT_NODES_OR_GO_BACK -> {
                    await(at, steps, node);
                    abandonChange(at, steps, node);
                }
                case AWAIT_NODES -> await(at, steps, node);
                case TELL_SHADOW -> tell(at, steps, node, other(each.goal), Role.SHADOW);
                case TELL_AUTHORITY -> tell(at, steps, node, each.goal, Role.AUTHORITY);
            }
        }
    }

    /** Begins a step, also where another is cut off; or ends one that is cut off, where the migration stands. */
    private void decide(ControlState at, Steps<ControlState> steps, int node) {
        if (at.epoch >= lastEpoch) {
            return;
        }
        int goal = other(at.position);
        if (!at.isChanged || rules.hold(Rule.TAKER_CLOSED_FIRST)) {
            ControlState begun = raised(steps, node, goal, Next.FENCE_GIVER);
            begun.nodes[node].turnsBack = at.isChanged;
            steps.take(begun, ControlAction.BEGINS, node, name(goal), begun.epoch);
        } else {
            ControlState turned = raised(steps, node, goal, Next.AWAIT_NODES);
            turned.nodes[node].turnsBack = true;
            turnReads(turned, node);
            steps.take(turned, ControlAction.TURNS_BACK_AT_ONCE, node, name(goal), turned.epoch);
        }
        if (!at.isSettled) {
            ControlState ending = raised(steps, node, at.position, Next.AWAIT_NODES);
            steps.take(ending, ControlAction.TAKES_OVER, node, name(at.position), ending.epoch);
        }
    }

    private static ControlState raised(Steps<ControlState> steps, int node, int goal, Next then) {
        ControlState next = steps.draft();
        next.epoch++;
        next.isSettled = false;
        Controlling controlling = next.nodes[node];
        controlling.epoch = next.epoch;
        controlling.goal = goal;
        controlling.next = then;
        return next;
    }

    /** The position changes, and the node that changes it knows. */
    private static void turnReads(ControlState next, int node) {
        next.position = next.nodes[node].goal;
        next.isChanged = true;
        for (Controlling each : next.nodes) {
            each.isBehind = true;
        }
        next.nodes[node].isBehind = false;
        next.nodes[node].reads = next.position;
    }

    private void fence(ControlState at, Steps<ControlState> steps, int node, int side, Next then) {
        if (!isRefused(at, steps, node, side)) {
            ControlState next = steps.draft();
            assign(next, node, side, Role.FENCED);
            next.nodes[node].next = then;
            steps.take(next, ControlAction.FENCES, node, name(side), at.nodes[node].epoch);
        }
    }

    private boolean isRefused(ControlState at, Steps<ControlState> steps, int node, int side) {
        int epoch = at.nodes[node].epoch;
        if (at.roleEpoch[side] < epoch || !rules.hold(Rule.GREATER_EPOCH_ONLY)) {
            return false;
        }
        ControlState next = steps.draft();
        next.nodes[node].stop();
        steps.take(next, ControlAction.IS_REFUSED, node, name(side), epoch);
        return true;
    }

    private static void assign(ControlState next, int node, int side, Role role) {
        next.role[side] = role;
        next.roleEpoch[side] = next.nodes[node].epoch;
    }

    private void drain(ControlState at, Steps<ControlState> steps, int node) {
        int giver = other(at.nodes[node].goal);
        boolean isOwing = at.row[giver] > at.row[other(giver)];
        boolean isLetPass =
                !rules.hold(Rule.DRAIN) || (at.nodes[node].turnsBack && !rules.hold(Rule.TURNED_BACK_AFTER_DRAIN));
        if (!isOwing || isLetPass) {
            ControlState next = steps.draft();
            next.nodes[node].next = Next.FENCE_TAKER;
            steps.take(next, ControlAction.DRAINS, node, name(giver));
        }
    }

    private static void changePosition(ControlState at, Steps<ControlState> steps, int node) {
        ControlState next = steps.draft();
        if (at.epoch != at.nodes[node].epoch) {
            next.nodes[node].stop();
            steps.take(next, ControlAction.IS_OVERTAKEN, node);
            return;
        }
        next.epoch++;
        next.nodes[node].epoch = next.epoch;
        next.nodes[node].next = Next.AWAIT_NODES_OR_GO_BACK;
        turnReads(next, node);
        steps.take(next, ControlAction.CHANGES_POSITION, node, name(next.position), next.epoch);
    }

    /**
     * Whoever has changed the position, and has told no side yet, may change it back, if nobody has taken over: then nobody can have opened
     * the taker.
     */
    private static void abandonChange(ControlState at, Steps<ControlState> steps, int node) {
        if (at.epoch == at.nodes[node].epoch) {
            ControlState next = steps.draft();
            next.epoch++;
            Controlling controlling = next.nodes[node];
            controlling.epoch = next.epoch;
            controlling.goal = other(controlling.goal);
            controlling.next = Next.AWAIT_NODES;
            turnReads(next, node);
            steps.take(next, ControlAction.ABANDONS_CHANGE, node, name(next.position), next.epoch);
        }
    }

    /** Whoever has been overtaken may go on as well: its statement will be refused. */
    private void await(ControlState at, Steps<ControlState> steps, int node) {
        for (Controlling each : at.nodes) {
            if (each.isBehind && rules.hold(Rule.UNREADABLE_FIRST)) {
                return;
            }
        }
        ControlState next = steps.draft();
        next.nodes[node].next = opensFirst(at.nodes[node]) ? Next.TELL_AUTHORITY : Next.TELL_SHADOW;
        steps.take(next, ControlAction.WAITS, node, name(at.nodes[node].goal));
    }

    /** What a rule forbids. */
    private boolean opensFirst(Controlling controlling) {
        return controlling.turnsBack && !rules.hold(Rule.TAKER_CLOSED_FIRST);
    }

    private void tell(ControlState at, Steps<ControlState> steps, int node, int side, Role role) {
        if (at.role[side] == role && !rules.hold(Rule.ABORT_RAISES_BOTH)) {
            ControlState next = steps.draft();
            goOn(next, node);
            steps.take(next, ControlAction.PASSES_OVER, node, name(side), role);
        } else if (!isRefused(at, steps, node, side)) {
            ControlState next = steps.draft();
            assign(next, node, side, role);
            goOn(next, node);
            steps.take(next, ControlAction.ASSIGNS, node, name(side), role, at.nodes[node].epoch);
        }
    }

    private void goOn(ControlState next, int node) {
        Controlling controlling = next.nodes[node];
        boolean isShadow = controlling.next == Next.TELL_SHADOW;
        if (isShadow != opensFirst(controlling)) {
            controlling.next = isShadow ? Next.TELL_AUTHORITY : Next.TELL_SHADOW;
            return;
        }
        if (next.epoch == controlling.epoch) {
            next.isSettled = true;
            next.isChanged = false;
        }
        controlling.stop();
    }
}
