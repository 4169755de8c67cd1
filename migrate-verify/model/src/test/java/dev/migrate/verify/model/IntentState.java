package dev.migrate.verify.model;

import java.util.Arrays;

/** A key on two sides that share no transaction with a journal, while authority over it moves. Arrays are indexed by side. */
final class IntentState extends State {
    static final int LEGACY = KeyState.LEGACY;
    static final int TARGET = KeyState.TARGET;
    static final int NODES = 3;

    /** The phases of a handover. */
    enum Phase {
        RESTING,
        FENCED,
        DRAINED,
        READS_TARGET,
        OPENED;

        static final Phase[] ALL = values();
    }

    /** What each side holds, and under which version. */
    final int[] row = {Values.INITIAL, Values.INITIAL};

    final int[] version = {Versions.NONE, Versions.NONE};

    /** The store's sequence. */
    int sequence;

    Phase phase = Phase.RESTING;

    /** Whether the key is owed without an intent. */
    boolean isOwed;

    /** The writes that have not begun, as bits. */
    int writes;

    /** The writes that were acknowledged, as bits. */
    int acknowledged;

    /** Those after whose acknowledgement another began that was acknowledged too: nobody may read them any more. */
    int superseded;

    /** How many more times the worker may die. */
    int deaths;

    final Caller[] nodes = {new Caller(), new Caller(), new Caller()};
    final Settler settler = new Settler();

    @Override
    void fields(Tape tape) {
        tape.numbers(row);
        tape.numbers(version);
        sequence = tape.number(sequence);
        phase = tape.one(phase, Phase.ALL);
        isOwed = tape.flag(isOwed);
        writes = tape.number(writes);
        acknowledged = tape.number(acknowledged);
        superseded = tape.number(superseded);
        deaths = tape.number(deaths);
        tape.alike(nodes);
        settler.fields(tape);
    }

    int authority() {
        return phase == Phase.OPENED ? TARGET : LEGACY;
    }

    /** Of versions, only the order matters: those that somebody holds are numbered anew, and the next that is drawn is greater. */
    @Override
    void normalise() {
        int[] held = new int[3 + NODES];
        held[0] = version[LEGACY];
        held[1] = version[TARGET];
        held[2] = settler.version;
        for (int node = 0; node < NODES; node++) {
            held[3 + node] = nodes[node].version;
        }
        Arrays.sort(held);
        version[LEGACY] = renumbered(held, version[LEGACY]);
        version[TARGET] = renumbered(held, version[TARGET]);
        settler.version = renumbered(held, settler.version);
        for (Caller node : nodes) {
            node.version = renumbered(held, node.version);
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

    int sideOfReads() {
        return phase.compareTo(Phase.READS_TARGET) < 0 ? LEGACY : TARGET;
    }

    int draw(int side) {
        sequence++;
        return Versions.of(side == LEGACY ? 1 : 2, sequence);
    }

    boolean hasIntents() {
        for (Caller node : nodes) {
            if (node.intent != Intent.NONE) {
                return true;
            }
        }
        return false;
    }

    /** What the store holds of a call. */
    enum Intent {
        NONE,
        OPEN,
        CLAIMED;

        static final Intent[] ALL = values();
    }

    /** A node that calls the authoritative side, and copies afterwards. */
    static final class Caller extends State {
        /** How far the call has come. */
        enum At {
            IDLE,
            SENT,
            LANDED,
            ACKNOWLEDGED,
            COPYING,
            TO_CLEAR;

            static final At[] ALL = values();
        }

        At at = At.IDLE;
        Intent intent = Intent.NONE;
        int write;
        int side;
        int version;

        /** The value that is copied. */
        int value;

        /** Whether the worker is about to settle the intent. */
        boolean isBeingSettled;

        /** The writes that were acknowledged before this one began, as bits. */
        int before;

        @Override
        void fields(Tape tape) {
            at = tape.one(at, At.ALL);
            intent = tape.one(intent, Intent.ALL);
            write = tape.number(write);
            side = tape.number(side);
            version = tape.number(version);
            value = tape.number(value);
            isBeingSettled = tape.flag(isBeingSettled);
            before = tape.number(before);
        }

        void stop() {
            at = At.IDLE;
            write = 0;
            side = LEGACY;
            version = Versions.NONE;
            value = Values.ABSENT;
            before = 0;
        }
    }

    /** A worker that settles intents whose deadline has passed, and what is owed. */
    static final class Settler extends State {
        boolean isCopying;
        int from;
        int version;
        int value;

        @Override
        void fields(Tape tape) {
            isCopying = tape.flag(isCopying);
            from = tape.number(from);
            version = tape.number(version);
            value = tape.number(value);
        }

        void stop() {
            isCopying = false;
            from = LEGACY;
            version = Versions.NONE;
            value = Values.ABSENT;
        }
    }
}
