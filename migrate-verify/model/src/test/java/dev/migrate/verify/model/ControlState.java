package dev.migrate.verify.model;

import dev.migrate.side.Role;

/** The store, the roles of both sides, and three nodes, each of which reads and may control a step. Arrays are indexed by side. */
final class ControlState extends State {
    static final int LEGACY = KeyState.LEGACY;
    static final int TARGET = KeyState.TARGET;
    static final int NODES = 3;

    /** The epoch and the position in the store: the side that answers reads. */
    int epoch = 1;

    int position = LEGACY;

    final Role[] role = {Role.AUTHORITY, Role.SHADOW};

    /** The epoch of each role. */
    final int[] roleEpoch = {1, 1};

    /** The number of the last write that each side holds. */
    final int[] row = {0, 0};

    /** The number of the write that was acknowledged last. */
    int last;

    /** How many more writes there are. */
    int writes;

    /** Whether the controller of the present epoch has done all that it had to do. */
    boolean isSettled = true;

    /** Whether the position has changed since then. */
    boolean isChanged;

    final Controlling[] nodes = {new Controlling(), new Controlling(), new Controlling()};

    @Override
    void fields(Tape tape) {
        epoch = tape.number(epoch);
        position = tape.number(position);
        tape.constants(role, KeyState.ROLES);
        tape.numbers(roleEpoch);
        tape.numbers(row);
        last = tape.number(last);
        writes = tape.number(writes);
        isSettled = tape.flag(isSettled);
        isChanged = tape.flag(isChanged);
        tape.alike(nodes);
    }

    /** A node, and what it does as a controller. Each condition but the first and the waits is a statement on its way. */
    static final class Controlling extends State {
        /** What the node does next as a controller. */
        enum Next {
            NOTHING,
            FENCE_GIVER,
            DRAIN,
            FENCE_TAKER,
            CHANGE_POSITION,
            AWAIT_NODES_OR_GO_BACK,
            AWAIT_NODES,
            TELL_SHADOW,
            TELL_AUTHORITY;

            static final Next[] ALL = values();
        }

        Next next = Next.NOTHING;

        /** The epoch under which it does so. */
        int epoch;

        /** The side that is to answer reads and take writes. */
        int goal;

        /** Whether it turns back a step whose position has changed. */
        boolean turnsBack;

        /** The side that the node reads. */
        int reads = LEGACY;

        /** Whether the position has changed since. */
        boolean isBehind;

        @Override
        void fields(Tape tape) {
            next = tape.one(next, Next.ALL);
            epoch = tape.number(epoch);
            goal = tape.number(goal);
            turnsBack = tape.flag(turnsBack);
            reads = tape.number(reads);
            isBehind = tape.flag(isBehind);
        }

        void stop() {
            next = Next.NOTHING;
            epoch = 0;
            goal = LEGACY;
            turnsBack = false;
        }
    }
}
