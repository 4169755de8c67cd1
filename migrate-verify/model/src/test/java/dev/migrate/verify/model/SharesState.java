package dev.migrate.verify.model;

import dev.migrate.side.Role;
import java.util.Arrays;
import java.util.stream.Stream;

/** Four buckets in two segments, whose share on the target grows. */
final class SharesState extends State {
    static final int BUCKETS = 4;
    static final int SEGMENTS = 2;
    static final int BUCKETS_PER_SEGMENT = BUCKETS / SEGMENTS;
    static final int NODES = 3;

    /** The number of the last write that each side holds, by bucket. */
    final int[] legacy = new int[BUCKETS];

    final int[] target = new int[BUCKETS];

    final Role[] legacyRole = roles(Role.AUTHORITY);
    final Role[] targetRole = roles(Role.SHADOW);

    /** The share in the store: the buckets below it are read on the target. */
    int share;

    /** The share to which a step leads; equal to the share where there is none. */
    int goal;

    /** How far the step has come. */
    Phase phase = Phase.RESTING;

    /** The number of the write that was acknowledged last. */
    int last;

    final View[] nodes = Stream.generate(View::new).limit(NODES).toArray(View[]::new);

    /** The phases of a step. */
    enum Phase {
        RESTING,
        FENCED,
        CHANGED,
        UNREADABLE;

        static final Phase[] ALL = values();
    }

    private static Role[] roles(Role role) {
        Role[] roles = new Role[SEGMENTS];
        Arrays.fill(roles, role);
        return roles;
    }

    @Override
    void fields(Tape tape) {
        tape.numbers(legacy);
        tape.numbers(target);
        tape.constants(legacyRole, KeyState.ROLES);
        tape.constants(targetRole, KeyState.ROLES);
        share = tape.number(share);
        goal = tape.number(goal);
        phase = tape.one(phase, Phase.ALL);
        last = tape.number(last);
        tape.alike(nodes);
    }

    /** What a node knows of the share. */
    static final class View extends State {
        int share;

        @Override
        void fields(Tape tape) {
            share = tape.number(share);
        }
    }
}
