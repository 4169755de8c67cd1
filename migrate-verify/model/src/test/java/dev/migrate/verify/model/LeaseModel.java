package dev.migrate.verify.model;

import dev.migrate.verify.model.LeaseState.Leased;
import dev.migrate.verify.model.LeaseState.Leased.Renewal;
import dev.migrate.verify.model.LeaseState.Phase;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes read by their leases while reads turn to the target, which takes writes as soon as no node can read legacy any more.
 *
 * <p>A node has two clocks, of which one may stand still, as the monotonic one does while a machine sleeps, or be set back, as the wall
 * clock may be; at each tick at least one of them goes on. Messages to the store and from it take any time.
 */
final class LeaseModel implements Model<LeaseState> {
    private final Rules rules;

    LeaseModel(Rules rules) {
        this.rules = rules;
    }

    @Override
    public LeaseState initial() {
        return new LeaseState();
    }

    @Override
    public void steps(LeaseState at, Steps<LeaseState> steps) {
        for (int node = 0; node < at.nodes.length; node++) {
            switch (at.nodes[node].renewal) {
                case NONE -> ask(steps, node);
                case ASKED -> grant(at, steps, node);
                case GRANTED -> hear(at, steps, node);
                case TO_LEARN -> learnLater(at, steps, node);
            }
        }
        tick(steps);
        switch (at.phase) {
            case READS_LEGACY -> {
                LeaseState next = steps.draft();
                next.phase = Phase.READS_TARGET;
                steps.take(next, LeaseAction.TURNS_READS);
            }
            case READS_TARGET -> open(at, steps);
            case OPENED -> {}
        }
    }

    private static void ask(Steps<LeaseState> steps, int node) {
        LeaseState next = steps.draft();
        next.nodes[node].renewal = Renewal.ASKED;
        steps.take(next, LeaseAction.ASKS, node);
    }

    private static void grant(LeaseState at, Steps<LeaseState> steps, int node) {
        LeaseState next = steps.draft();
        Leased leased = next.nodes[node];
        leased.renewal = Renewal.GRANTED;
        leased.storeLeft = LeaseState.LENGTH;
        leased.answerIsLegacy = at.phase == Phase.READS_LEGACY;
        steps.take(next, LeaseAction.GRANTS, node, name(leased.answerIsLegacy));
    }

    private void hear(LeaseState at, Steps<LeaseState> steps, int node) {
        LeaseState next = steps.draft();
        Leased leased = next.nodes[node];
        String answer = name(leased.answerIsLegacy);
        leased.counted = rules.hold(Rule.LEASE_FROM_BEFORE_ASKING) ? leased.sinceAsked : 0;
        if (rules.hold(Rule.LEASE_WITH_POSITION)) {
            leased.readsLegacy = leased.answerIsLegacy;
            leased.endRenewal();
            steps.take(next, LeaseAction.HEARS, node, answer);
        } else {
            leased.renewal = Renewal.TO_LEARN;
            steps.take(next, LeaseAction.HEARS_OF_LEASE, node);
        }
    }

    private static void learnLater(LeaseState at, Steps<LeaseState> steps, int node) {
        LeaseState next = steps.draft();
        Leased leased = next.nodes[node];
        leased.readsLegacy = leased.answerIsLegacy;
        leased.endRenewal();
        steps.take(next, LeaseAction.LEARNS_LATER, node, name(at.nodes[node].answerIsLegacy));
    }

    private static String name(boolean isLegacy) {
        return isLegacy ? "legacy" : "target";
    }

    /** One successor for each set of nodes whose clock does not go on; by the larger of the two clocks, there is no such node. */
    private void tick(Steps<LeaseState> steps) {
        int sets = rules.hold(Rule.LEASE_BY_LARGER_CLOCK) ? 1 : 1 << LeaseState.NODES;
        for (int slow = 0; slow < sets; slow++) {
            LeaseState next = steps.draft();
            for (int node = 0; node < next.nodes.length; node++) {
                tick(next.nodes[node], (slow & 1 << node) != 0);
            }
            if (slow == 0) {
                steps.take(next, LeaseAction.TICKS);
            } else {
                steps.take(next, LeaseAction.TICKS_SLOWLY, Integer.bitCount(slow));
            }
        }
    }

    private static void tick(Leased leased, boolean isSlow) {
        leased.storeLeft = Math.max(0, leased.storeLeft - 1);
        if (isSlow) {
            return;
        }
        leased.counted = Math.min(LeaseState.LENGTH, leased.counted + 1);
        if (leased.renewal != Renewal.NONE) {
            leased.sinceAsked = Math.min(LeaseState.LENGTH, leased.sinceAsked + 1);
        }
    }

    private void open(LeaseState at, Steps<LeaseState> steps) {
        for (Leased leased : at.nodes) {
            if (leased.readsLegacy && leased.storeLeft > 0 && rules.hold(Rule.UNREADABLE_FIRST)) {
                return;
            }
        }
        LeaseState next = steps.draft();
        next.phase = Phase.OPENED;
        steps.take(next, LeaseAction.OPENS);
    }

    @Override
    public @Nullable Violation violation(LeaseState at) {
        for (int node = 0; node < at.nodes.length; node++) {
            Leased leased = at.nodes[node];
            boolean reads = leased.believesInLease() || !rules.hold(Rule.LEASE_STOPS_READS);
            if (at.phase == Phase.OPENED && leased.readsLegacy && reads) {
                return new Violation(
                        Promise.NO_STALE_READ, "node " + node + " reads legacy, while target takes writes");
            }
        }
        return null;
    }

    @Override
    public @Nullable Violation violationAtRest(LeaseState at) {
        return null;
    }

    @Override
    public String toString() {
        return "leases";
    }
}
