package dev.migrate.verify.model;

import static dev.migrate.verify.model.ControlState.LEGACY;
import static dev.migrate.verify.model.ControlState.TARGET;
import static dev.migrate.verify.model.KeyState.name;
import static dev.migrate.verify.model.KeyState.other;

import dev.migrate.side.Role;
import dev.migrate.verify.model.ControlState.Controlling;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes, any of which begins a handover, is paused in the middle of it, is overtaken by another that completes or abandons it, and
 * goes on late. Copies are one step here; the other models take them apart.
 */
final class ControlModel implements Model<ControlState> {
    private final int writes;
    private final Set<Promise> promises;
    private final ControlSteps controllers;

    /**
     * A model of some epochs.
     *
     * @param lastEpoch no step is begun, and none is taken over, from this epoch on
     * @param writes how many writes there are
     * @param promises those that are looked at
     */
    ControlModel(Rules rules, int lastEpoch, int writes, Set<Promise> promises) {
        this.writes = writes;
        this.promises = promises;
        this.controllers = new ControlSteps(rules, lastEpoch);
    }

    @Override
    public ControlState initial() {
        ControlState state = new ControlState();
        state.writes = writes;
        return state;
    }

    @Override
    public void steps(ControlState at, Steps<ControlState> steps) {
        controllers.steps(at, steps);
        for (int side = 0; side < 2; side++) {
            write(at, steps, side);
            copy(at, steps, side);
        }
        for (int node = 0; node < at.nodes.length; node++) {
            learn(at, steps, node);
        }
    }

    /** Whichever node it comes from: the side alone decides. */
    private static void write(ControlState at, Steps<ControlState> steps, int side) {
        if (at.writes > 0 && at.role[side] == Role.AUTHORITY) {
            ControlState next = steps.draft();
            next.writes--;
            next.last++;
            next.row[side] = next.last;
            steps.take(next, ControlAction.WRITES, next.last, name(side));
        }
    }

    private static void copy(ControlState at, Steps<ControlState> steps, int from) {
        int to = other(from);
        if (at.row[from] > at.row[to] && at.role[to] == Role.SHADOW) {
            ControlState next = steps.draft();
            next.row[to] = at.row[from];
            steps.take(next, ControlAction.COPIES, name(from));
        }
    }

    private static void learn(ControlState at, Steps<ControlState> steps, int node) {
        if (at.nodes[node].isBehind) {
            ControlState next = steps.draft();
            next.nodes[node].isBehind = false;
            next.nodes[node].reads = at.position;
            steps.take(next, ControlAction.LEARNS, node, name(at.position));
        }
    }

    @Override
    public @Nullable Violation violation(ControlState at) {
        return Stream.of(twoAuthorities(at), staleRead(at), rolesAstray(at))
                .filter(found -> found != null && promises.contains(found.promise()))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Violation twoAuthorities(ControlState at) {
        if (at.role[LEGACY] == Role.AUTHORITY && at.role[TARGET] == Role.AUTHORITY) {
            return new Violation(Promise.ONE_AUTHORITY, "both sides take writes");
        }
        return null;
    }

    private static @Nullable Violation staleRead(ControlState at) {
        for (int node = 0; node < at.nodes.length; node++) {
            Controlling each = at.nodes[node];
            if (at.row[each.reads] != at.last) {
                return new Violation(
                        Promise.NO_STALE_READ,
                        "node " + node + " reads write " + at.row[each.reads] + " on " + name(each.reads)
                                + ", where write " + at.last + " was acknowledged");
            }
        }
        return null;
    }

    private static @Nullable Violation rolesAstray(ControlState at) {
        boolean fit = at.role[at.position] == Role.AUTHORITY && at.role[other(at.position)] == Role.SHADOW;
        return at.isSettled && !fit
                ? new Violation(
                        Promise.ROLES_FIT_POSITION,
                        "the step has ended at " + name(at.position) + ", but legacy is " + at.role[LEGACY]
                                + " and target is " + at.role[TARGET])
                : null;
    }

    @Override
    public @Nullable Violation violationAtRest(ControlState at) {
        return null;
    }

    @Override
    public String toString() {
        return "controllers, " + writes + " writes, " + promises;
    }
}
