package dev.migrate.verify.model;

/** A key whose migration steps from LEGACY_ONLY to DUAL_WRITE, and back and forth once more. */
final class EnteringState extends KeyState {
    static final int NODES = 3;
    final Unit[] units = {new Unit(), new Unit(), new Unit()};

    /** How many steps were made: on DUAL_WRITE where this is odd. */
    int step;

    /** Whether legacy's role has followed the position: whether it says that writes are journalled. */
    boolean isJournalled;

    /** The writes that have not begun, as bits. */
    int writes;

    /** The reconciliation of the second generation. */
    final Proof proof = new Proof();

    EnteringState(int copiers) {
        super(new Chunk(1, 1), copiers);
    }

    @Override
    void fields(Tape tape) {
        super.fields(tape);
        tape.alike(units);
        step = tape.number(step);
        isJournalled = tape.flag(isJournalled);
        writes = tape.number(writes);
        proof.fields(tape);
    }

    /**
     * What a node knew before its lease ran out is of no importance, and of the step that its unit of work is pinned to only whether
     * that owes its writes: neither the step that waits for it nor the side that checks it asks for more.
     */
    @Override
    void normalise() {
        for (Unit unit : units) {
            if (unit.isLapsed) {
                unit.knows = 0;
                unit.pinned %= 2;
            }
        }
    }

    static boolean isDualWrite(int step) {
        return step % 2 == 1;
    }

    boolean isDualWrite() {
        return isDualWrite(step);
    }

    /** Whether legacy's role says what the position asks for. */
    boolean isTold() {
        return isJournalled == isDualWrite();
    }

    /** A node, and the unit of work that it has begun. */
    static final class Unit extends State {
        /** The last step that the node has heard of. */
        int knows;

        boolean isRunning;

        /** The step that the unit of work is pinned to. */
        int pinned;

        int value;

        /** Whether the node's lease has run out. */
        boolean isLapsed;

        @Override
        void fields(Tape tape) {
            knows = tape.number(knows);
            isRunning = tape.flag(isRunning);
            pinned = tape.number(pinned);
            value = tape.number(value);
            isLapsed = tape.flag(isLapsed);
        }

        void stop() {
            isRunning = false;
            pinned = 0;
            value = Values.ABSENT;
        }
    }

    /** A comparison of both sides; what it finds different is owed, so that a copier repairs it. */
    static final class Proof extends State {
        /** How far it has come. */
        enum At {
            NONE,
            BEGUN,
            LEGACY_READ,
            BOTH_READ,
            PROVED;

            static final At[] ALL = values();
        }

        At at = At.NONE;
        int legacy;
        int target;

        /** Whether the key was owed when it began. */
        boolean wasOwed;

        /** How many more differences may be repaired. */
        int repairs = 1;

        @Override
        void fields(Tape tape) {
            at = tape.one(at, At.ALL);
            legacy = tape.number(legacy);
            target = tape.number(target);
            wasOwed = tape.flag(wasOwed);
            repairs = tape.number(repairs);
        }

        void restart() {
            at = At.NONE;
            legacy = Values.ABSENT;
            target = Values.ABSENT;
            wasOwed = false;
        }
    }
}
