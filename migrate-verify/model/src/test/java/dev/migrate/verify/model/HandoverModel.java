package dev.migrate.verify.model;

import static dev.migrate.verify.model.KeyState.LEGACY;
import static dev.migrate.verify.model.KeyState.TARGET;
import static dev.migrate.verify.model.KeyState.name;

import dev.migrate.side.Role;
import dev.migrate.verify.model.HandoverState.Phase;
import dev.migrate.verify.model.Node.Knows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Authority over a key moves to the target and back, while three nodes with views of different age read and write it, copiers and
 * a backfill bring it over, and steps are abandoned.
 *
 * <p>What a node reads at any moment is the value that was acknowledged last.
 */
final class HandoverModel implements Model<HandoverState> {
    private final Rules rules;
    private final Scope scope;
    private final HandoverNodeSteps nodes;
    private final CopierSteps<HandoverState> copiers;
    private final BackfillSteps<HandoverState> backfill;
    private final HandoverController controller;

    /**
     * How much of it is looked at.
     *
     * @param handovers 1, or 2 with the way back
     * @param aborts how many times a step is abandoned
     * @param failures how many copies fail for good
     * @param values the values that are written
     */
    record Scope(int handovers, int aborts, int failures, List<Integer> values) {}

    HandoverModel(Rules rules, Scope scope) {
        this.rules = rules;
        this.scope = scope;
        this.nodes = new HandoverNodeSteps(rules, scope.values());
        this.copiers = new CopierSteps<>(rules);
        this.backfill = new BackfillSteps<>(rules);
        this.controller = new HandoverController(rules, scope.handovers());
    }

    @Override
    public HandoverState initial() {
        HandoverState state = new HandoverState(new Chunk(1, 1));
        state.aborts = scope.aborts();
        state.failures = scope.failures();
        state.writes = (1 << scope.values().size()) - 1;
        return state;
    }

    @Override
    public void steps(HandoverState at, Steps<HandoverState> steps) {
        nodes.steps(at, steps);
        copiers.steps(at, steps, true);
        backfill.steps(at, steps, true);
        controller.steps(at, steps);
    }

    @Override
    public @Nullable Violation violation(HandoverState at) {
        if (at.role[LEGACY] == Role.AUTHORITY && at.role[TARGET] == Role.AUTHORITY) {
            return new Violation(Promise.ONE_AUTHORITY, "both sides take writes");
        }
        for (int node = 0; node < at.nodes.length; node++) {
            Knows knows = at.nodes[node].knows;
            boolean ignoresLease = knows == Knows.LAPSED_EARLIER && !rules.hold(Rule.LEASE_STOPS_READS);
            boolean ignoresPin = knows == Knows.PRESENT_BUT_PINNED && !rules.hold(Rule.PINNED_READS_REFUSED);
            if (knows.readsByPresent && isStale(at, at.answering())) {
                return stale(at, node, at.answering());
            }
            if ((knows.readsByEarlier || ignoresLease || ignoresPin) && isStale(at, at.answeringEarlier())) {
                return stale(at, node, at.answeringEarlier());
            }
        }
        return null;
    }

    private static boolean isStale(HandoverState at, int side) {
        return at.row[side] != at.last;
    }

    private static Violation stale(HandoverState at, int node, int side) {
        return new Violation(
                Promise.NO_STALE_READ,
                "node " + node + " reads " + Values.name(at.row[side]) + " on " + name(side) + ", where "
                        + Values.name(at.last) + " was acknowledged last");
    }

    @Override
    public @Nullable Violation violationAtRest(HandoverState at) {
        if (at.phase != Phase.RESTING || at.handovers != scope.handovers()) {
            return new Violation(Promise.NOTHING_IS_STUCK, "the handover stands still at " + at.phase);
        }
        if (at.owes(LEGACY) || at.owes(TARGET)) {
            return new Violation(Promise.CONVERGENCE, "the key is owed for ever");
        }
        return at.isEqual() ? null : new Violation(Promise.CONVERGENCE, "at rest, but " + at.differing());
    }

    @Override
    public String toString() {
        return "handover, " + scope.values().stream().map(Values::name).toList() + ", " + scope.handovers()
                + " handovers, " + scope.aborts() + " aborts, " + scope.failures() + " failures";
    }
}
