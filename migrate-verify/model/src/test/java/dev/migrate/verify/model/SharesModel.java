package dev.migrate.verify.model;

import static dev.migrate.verify.model.SharesState.BUCKETS;
import static dev.migrate.verify.model.SharesState.BUCKETS_PER_SEGMENT;
import static dev.migrate.verify.model.SharesState.SEGMENTS;

import dev.migrate.side.Role;
import dev.migrate.verify.model.SharesState.Phase;
import dev.migrate.verify.model.SharesState.View;
import org.jspecify.annotations.Nullable;

/**
 * The share of keys on the target grows step by step, while three nodes with views of different age read every bucket. Copies are one
 * step here; the other models take them apart.
 */
final class SharesModel implements Model<SharesState> {
    private final Rules rules;
    private final int writes;

    /**
     * A model of some writes.
     *
     * @param writes how many writes there are, to any bucket
     */
    SharesModel(Rules rules, int writes) {
        this.rules = rules;
        this.writes = writes;
    }

    @Override
    public SharesState initial() {
        return new SharesState();
    }

    @Override
    public void steps(SharesState at, Steps<SharesState> steps) {
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            write(at, steps, bucket);
            copy(at, steps, bucket);
        }
        for (int node = 0; node < at.nodes.length; node++) {
            learn(at, steps, node);
        }
        switch (at.phase) {
            case RESTING -> begin(at, steps);
            case FENCED -> changeShare(at, steps);
            case CHANGED -> closeLegacy(at, steps);
            case UNREADABLE -> openTarget(at, steps);
        }
    }

    /** Whichever node it comes from: the side alone decides. */
    private void write(SharesState at, Steps<SharesState> steps, int bucket) {
        if (at.last == writes) {
            return;
        }
        int segment = bucket / BUCKETS_PER_SEGMENT;
        if (at.legacyRole[segment] == Role.AUTHORITY) {
            SharesState next = steps.draft();
            next.last++;
            next.legacy[bucket] = next.last;
            steps.take(next, SharesAction.WRITES, next.last, bucket, "legacy");
        }
        if (at.targetRole[segment] == Role.AUTHORITY) {
            SharesState next = steps.draft();
            next.last++;
            next.target[bucket] = next.last;
            steps.take(next, SharesAction.WRITES, next.last, bucket, "target");
        }
    }

    private static void copy(SharesState at, Steps<SharesState> steps, int bucket) {
        int segment = bucket / BUCKETS_PER_SEGMENT;
        boolean toTarget = at.legacy[bucket] > at.target[bucket] && at.targetRole[segment] == Role.SHADOW;
        boolean toLegacy = at.target[bucket] > at.legacy[bucket] && at.legacyRole[segment] == Role.SHADOW;
        if (toTarget || toLegacy) {
            SharesState next = steps.draft();
            int latest = Math.max(at.legacy[bucket], at.target[bucket]);
            next.legacy[bucket] = latest;
            next.target[bucket] = latest;
            steps.take(next, SharesAction.COPIES, bucket);
        }
    }

    private static void learn(SharesState at, Steps<SharesState> steps, int node) {
        if (at.nodes[node].share != at.share) {
            SharesState next = steps.draft();
            next.nodes[node].share = at.share;
            steps.take(next, SharesAction.LEARNS, node, at.share);
        }
    }

    private void begin(SharesState at, Steps<SharesState> steps) {
        if (at.share == BUCKETS) {
            return;
        }
        int goal = at.share + (rules.hold(Rule.SHARES_BY_SEGMENT) ? BUCKETS_PER_SEGMENT : 1);
        SharesState next = steps.draft();
        next.goal = goal;
        if (at.targetRole[(goal - 1) / BUCKETS_PER_SEGMENT] == Role.AUTHORITY) {
            next.share = goal;
            steps.take(next, SharesAction.NEEDS_NO_HANDOVER, goal);
            return;
        }
        next.phase = Phase.FENCED;
        assign(next, next.legacyRole, Role.FENCED);
        steps.take(next, SharesAction.FENCES, goal);
    }

    /** Whether a step hands a segment over: it has a bucket of the new share, and is not on the target yet. */
    private static boolean isHandedOver(SharesState at, int segment) {
        return segment * BUCKETS_PER_SEGMENT < at.goal && at.targetRole[segment] != Role.AUTHORITY;
    }

    private static void assign(SharesState next, Role[] roles, Role role) {
        for (int segment = 0; segment < SEGMENTS; segment++) {
            if (isHandedOver(next, segment)) {
                roles[segment] = role;
            }
        }
    }

    private static void changeShare(SharesState at, Steps<SharesState> steps) {
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            if (isHandedOver(at, bucket / BUCKETS_PER_SEGMENT) && at.legacy[bucket] != at.target[bucket]) {
                return;
            }
        }
        SharesState next = steps.draft();
        next.phase = Phase.CHANGED;
        next.share = at.goal;
        assign(next, next.targetRole, Role.FENCED);
        steps.take(next, SharesAction.CHANGES_SHARE, at.goal);
    }

    private void closeLegacy(SharesState at, Steps<SharesState> steps) {
        for (View node : at.nodes) {
            if (node.share != at.share && rules.hold(Rule.UNREADABLE_FIRST)) {
                return;
            }
        }
        SharesState next = steps.draft();
        next.phase = Phase.UNREADABLE;
        assign(next, next.legacyRole, Role.SHADOW);
        steps.take(next, SharesAction.CLOSES_LEGACY);
    }

    private static void openTarget(SharesState at, Steps<SharesState> steps) {
        SharesState next = steps.draft();
        next.phase = Phase.RESTING;
        assign(next, next.targetRole, Role.AUTHORITY);
        steps.take(next, SharesAction.OPENS_TARGET);
    }

    @Override
    public @Nullable Violation violation(SharesState at) {
        for (int node = 0; node < at.nodes.length; node++) {
            for (int bucket = 0; bucket < BUCKETS; bucket++) {
                boolean onTarget = bucket < at.nodes[node].share;
                int read = onTarget ? at.target[bucket] : at.legacy[bucket];
                int latest = Math.max(at.legacy[bucket], at.target[bucket]);
                if (read != latest) {
                    return new Violation(
                            Promise.NO_STALE_READ,
                            "node " + node + " reads write " + read + " of bucket " + bucket + " on "
                                    + (onTarget ? "target" : "legacy") + ", where write " + latest
                                    + " was acknowledged");
                }
            }
        }
        return null;
    }

    @Override
    public @Nullable Violation violationAtRest(SharesState at) {
        return at.share == BUCKETS && at.phase == Phase.RESTING
                ? null
                : new Violation(Promise.NOTHING_IS_STUCK, "the share stands still at " + at.share);
    }

    @Override
    public String toString() {
        return "shares and segments, " + writes + " writes";
    }
}
