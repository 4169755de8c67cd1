package dev.migrate.verify.model;

import static dev.migrate.verify.model.KeyState.LEGACY;
import static dev.migrate.verify.model.KeyState.name;

import dev.migrate.side.Role;
import dev.migrate.verify.model.HandoverState.Phase;
import dev.migrate.verify.model.KeyState.Standing;

/** Whoever moves authority, step by step, or abandons it; and the operator who decides on what cannot be copied. */
final class HandoverController {
    private final Rules rules;
    private final int handovers;

    /**
     * A controller.
     *
     * @param handovers how many handovers there are: the second is the way back
     */
    HandoverController(Rules rules, int handovers) {
        this.rules = rules;
        this.handovers = handovers;
    }

    void steps(HandoverState at, Steps<HandoverState> steps) {
        operate(at, steps);
        if (at.isAborting) {
            openGiverAgain(at, steps);
            return;
        }
        switch (at.phase) {
            case RESTING -> fenceGiver(at, steps);
            case GIVER_FENCED -> {
                fenceTaker(at, steps);
                abandon(at, steps);
            }
            case TAKER_FENCED -> {
                changePosition(at, steps);
                abandon(at, steps);
            }
            case POSITION_CHANGED -> giverToShadow(at, steps);
            case GIVER_SHADOW -> open(at, steps);
        }
    }

    private void operate(HandoverState at, Steps<HandoverState> steps) {
        for (int side = 0; side < 2; side++) {
            if (at.owes(side) && at.standing[side] != Standing.DUE) {
                HandoverState next = steps.draft();
                next.standing[side] = Standing.DUE;
                steps.take(next, HandoverAction.RETRIES, name(side));
            }
            if (at.owes(side) && at.standing[side] == Standing.PARKED) {
                HandoverState next = steps.draft();
                next.standing[side] = Standing.DISMISSED;
                steps.take(next, HandoverAction.DISMISSES, name(side));
            }
        }
    }

    /** A change of role waits for the transactions that hold the role's lock. */
    private static boolean isLocked(HandoverState at, int side) {
        return at.isRoleLocked(side) || at.isRoleLockedByBackfill(side);
    }

    private static void assign(HandoverState next, int side, Role role) {
        next.role[side] = role;
        next.epoch[side] = next.latestEpoch;
    }

    private void fenceGiver(HandoverState at, Steps<HandoverState> steps) {
        if (at.handovers == handovers || isLocked(at, at.giver())) {
            return;
        }
        HandoverState next = steps.draft();
        next.latestEpoch++;
        next.phase = Phase.GIVER_FENCED;
        assign(next, at.giver(), Role.FENCED);
        steps.take(next, HandoverAction.FENCES_GIVER, name(at.giver()));
    }

    private void fenceTaker(HandoverState at, Steps<HandoverState> steps) {
        if (!isDrained(at) || isLocked(at, at.taker())) {
            return;
        }
        HandoverState next = steps.draft();
        next.phase = Phase.TAKER_FENCED;
        assign(next, at.taker(), Role.FENCED);
        steps.take(next, HandoverAction.FENCES_TAKER, name(at.taker()));
    }

    private boolean isDrained(HandoverState at) {
        boolean isCopied = at.giver() != LEGACY || at.chunk.isDone() || !rules.hold(Rule.BACKFILL_DONE);
        return isCopied && (mayPass(at) || !rules.hold(Rule.DRAIN));
    }

    private boolean mayPass(HandoverState at) {
        return !at.owes(at.giver())
                || (at.standing[at.giver()] == Standing.PARKED && !rules.hold(Rule.PARKED_BLOCKS))
                || (at.standing[at.giver()] == Standing.DISMISSED && !rules.hold(Rule.DISMISSED_BLOCKS));
    }

    private void changePosition(HandoverState at, Steps<HandoverState> steps) {
        HandoverState next = steps.draft();
        next.latestEpoch++;
        next.phase = Phase.POSITION_CHANGED;
        for (Node node : next.nodes) {
            node.fallBehind();
        }
        steps.take(next, HandoverAction.CHANGES_POSITION, name(at.taker()));
    }

    private void giverToShadow(HandoverState at, Steps<HandoverState> steps) {
        if ((rules.hold(Rule.UNREADABLE_FIRST) && !isGiverUnread(at)) || isLocked(at, at.giver())) {
            return;
        }
        HandoverState next = steps.draft();
        next.phase = Phase.GIVER_SHADOW;
        assign(next, at.giver(), Role.SHADOW);
        steps.take(next, HandoverAction.GIVER_TO_SHADOW, name(at.giver()));
    }

    private static boolean isGiverUnread(HandoverState at) {
        for (Node node : at.nodes) {
            if (!node.knows.isAcknowledged) {
                return false;
            }
        }
        return true;
    }

    private void open(HandoverState at, Steps<HandoverState> steps) {
        HandoverState next = steps.draft();
        next.phase = Phase.RESTING;
        next.handovers++;
        assign(next, at.taker(), Role.AUTHORITY);
        steps.take(next, HandoverAction.OPENS, name(at.taker()));
    }

    private void abandon(HandoverState at, Steps<HandoverState> steps) {
        if (at.aborts == 0 || isLocked(at, at.taker())) {
            return;
        }
        HandoverState next = steps.draft();
        next.aborts--;
        next.latestEpoch++;
        next.isAborting = true;
        assign(next, at.taker(), Role.SHADOW);
        steps.take(next, HandoverAction.ABORT_TAKER, name(at.taker()));
    }

    private void openGiverAgain(HandoverState at, Steps<HandoverState> steps) {
        HandoverState next = steps.draft();
        next.isAborting = false;
        next.phase = Phase.RESTING;
        assign(next, at.giver(), Role.AUTHORITY);
        steps.take(next, HandoverAction.ABORT_GIVER, name(at.giver()));
    }
}
