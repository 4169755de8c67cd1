package dev.migrate.verify.model;

import dev.migrate.side.Role;
import java.util.Arrays;
import java.util.stream.Stream;

/** A key on two sides that share no transaction with their books, while authority over it moves. Arrays are indexed by side. */
final class IntentState extends State {
    static final int LEGACY = KeyState.LEGACY;
    static final int TARGET = KeyState.TARGET;
    static final int NODES = 3;

    /** The phases of a handover. */
    enum Phase {
        RESTING(Role.AUTHORITY, Role.SHADOW),
        GIVER_FENCED(Role.FENCED, Role.SHADOW),
        TAKER_FENCED(Role.FENCED, Role.FENCED),
        POSITION_CHANGED(Role.FENCED, Role.FENCED),
        GIVER_SHADOW(Role.SHADOW, Role.FENCED),
        OPENED(Role.SHADOW, Role.AUTHORITY);

        static final Phase[] ALL = values();
        private final Role[] roles;

        Phase(Role legacy, Role target) {
            roles = new Role[] {legacy, target};
        }
    }

    /** What each side holds, and under which version. */
    final int[] row = {Values.INITIAL, Values.INITIAL};

    final int[] version = {Versions.NONE, Versions.NONE};

    /** The version under which the books of a side owe the key to the other. */
    final int[] owed = {Versions.NONE, Versions.NONE};

    int sequence;
    Phase phase = Phase.RESTING;

    /** The writes that have not begun, as bits. */
    int writes;

    /** The writes that were acknowledged, as bits. */
    int acknowledged;

    /** Those after whose acknowledgement another began that was acknowledged too: nobody may read them any more. */
    int superseded;

    /** How many more nodes may die. */
    int deaths;

    final Caller[] nodes = {new Caller(), new Caller(), new Caller()};
    final Courier[] couriers;

    /**
     * The first state.
     *
     * @param couriers how many workers copy what is owed
     */
    IntentState(int couriers) {
        this.couriers = Stream.generate(Courier::new).limit(couriers).toArray(Courier[]::new);
    }

    @Override
    void fields(Tape tape) {
        tape.numbers(row);
        tape.numbers(version);
        tape.numbers(owed);
        sequence = tape.number(sequence);
        phase = tape.one(phase, Phase.ALL);
        writes = tape.number(writes);
        acknowledged = tape.number(acknowledged);
        superseded = tape.number(superseded);
        deaths = tape.number(deaths);
        tape.alike(nodes);
        tape.alike(couriers);
    }

    /** Of versions, only the order matters: those that somebody holds are numbered anew, and the next that is drawn is greater. */
    @Override
    void normalise() {
        int[] held = new int[4 + nodes.length + couriers.length];
        int at = 0;
        for (int side = 0; side < 2; side++) {
            held[at++] = version[side];
            held[at++] = owed[side];
        }
        for (Caller node : nodes) {
            held[at++] = node.version;
        }
        for (Courier courier : couriers) {
            held[at++] = courier.version;
        }
        Arrays.sort(held);
        for (int side = 0; side < 2; side++) {
            version[side] = renumbered(held, version[side]);
            owed[side] = renumbered(held, owed[side]);
        }
        for (Caller node : nodes) {
            node.version = renumbered(held, node.version);
        }
        for (Courier courier : couriers) {
            courier.version = renumbered(held, courier.version);
        }
        sequence = rank(held, held[held.length - 1]);
    }

    private static int renumbered(int[] held, int version) {
        return version == Versions.NONE ? version : Versions.of(Versions.epoch(version), rank(held, version));
    }

    /** How many versions there are up to a given one. */
    private static int rank(int[] held, int version) {
        int rank = 0;
        for (int i = 0; i < held.length && held[i] <= version; i++) {
            boolean isRepeated = i > 0 && held[i] == held[i - 1];
            rank += held[i] == Versions.NONE || isRepeated ? 0 : 1;
        }
        return rank;
    }

    Role role(int side) {
        return phase.roles[side];
    }

    int sideOfReads() {
        return phase.compareTo(Phase.POSITION_CHANGED) < 0 ? LEGACY : TARGET;
    }

    int draw(int side) {
        sequence++;
        return Versions.of(side == LEGACY ? 1 : 2, sequence);
    }

    void owe(int side) {
        owed[side] = draw(side);
    }

    boolean owes(int side) {
        return owed[side] != Versions.NONE;
    }

    boolean hasIntents() {
        for (Caller node : nodes) {
            if (node.hasIntent) {
                return true;
            }
        }
        return false;
    }

    /** A node that calls the authoritative side. */
    static final class Caller extends State {
        /** How far the call has come. */
        enum At {
            IDLE,
            SENT,
            LANDED,
            TO_OWE,
            DEAD;

            static final At[] ALL = values();
        }

        At at = At.IDLE;

        /** Whether the store has an intent of the call: not yet acknowledged, and not settled by another. */
        boolean hasIntent;

        /** Whether a worker settles the intent, and has not removed it yet: what a rule forbids. */
        boolean isBeingSettled;

        int write;
        int side;
        int version;

        /** The writes that were acknowledged before this one began, as bits. */
        int before;

        @Override
        void fields(Tape tape) {
            at = tape.one(at, At.ALL);
            hasIntent = tape.flag(hasIntent);
            isBeingSettled = tape.flag(isBeingSettled);
            write = tape.number(write);
            side = tape.number(side);
            version = tape.number(version);
            before = tape.number(before);
        }

        void end(At end) {
            at = end;
            write = 0;
            version = Versions.NONE;
            before = 0;
            if (!hasIntent) {
                side = LEGACY;
            }
        }
    }

    /** A worker that copies what is owed. Its call to the shadow takes any time: no lock is counted on. */
    static final class Courier extends State {
        /** How far it has come. */
        enum At {
            IDLE,
            TOOK_VERSION,
            TOOK_BOTH,
            SENT,
            TO_SETTLE;

            static final At[] ALL = values();
        }

        At at = At.IDLE;
        int from;
        int version;
        int value;

        @Override
        void fields(Tape tape) {
            at = tape.one(at, At.ALL);
            from = tape.number(from);
            version = tape.number(version);
            value = tape.number(value);
        }

        void stop() {
            at = At.IDLE;
            from = LEGACY;
            version = Versions.NONE;
            value = Values.ABSENT;
        }
    }
}
