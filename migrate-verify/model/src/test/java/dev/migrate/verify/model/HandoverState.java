package dev.migrate.verify.model;

/** A key while authority over it moves to the target, and back. */
final class HandoverState extends KeyState {
    /** How far the step has come; the phases repeat for the way back, with the sides changed over. */
    enum Phase {
        /** The giver takes writes. */
        RESTING,
        GIVER_FENCED,
        TAKER_FENCED,
        POSITION_CHANGED,
        GIVER_SHADOW;

        static final Phase[] ALL = values();
    }

    static final int NODES = 3;
    final Node[] nodes = {new Node(), new Node(), new Node()};
    Phase phase = Phase.RESTING;

    /** How many handovers have ended: the giver of the next is legacy where this is even. */
    int handovers;

    /** Whether the step is being abandoned: the taker is the shadow again, the giver not yet the authority. */
    boolean isAborting;

    /** How many more times a step may be abandoned. */
    int aborts;

    /** The epoch that was given last. */
    int latestEpoch = 1;

    /** The writes that have not begun, as bits. */
    int writes;

    /** The value that was acknowledged last. */
    int last = Values.INITIAL;

    HandoverState(Chunk chunk) {
        super(chunk, 2);
    }

    @Override
    void fields(Tape tape) {
        super.fields(tape);
        tape.alike(nodes);
        phase = tape.one(phase, Phase.ALL);
        handovers = tape.number(handovers);
        isAborting = tape.flag(isAborting);
        aborts = tape.number(aborts);
        latestEpoch = tape.number(latestEpoch);
        writes = tape.number(writes);
        last = tape.number(last);
    }

    int giver() {
        return handovers % 2 == 0 ? LEGACY : TARGET;
    }

    int taker() {
        return other(giver());
    }

    /** The side that answers reads at the present position. */
    int answering() {
        return phase.compareTo(Phase.POSITION_CHANGED) < 0 ? giver() : taker();
    }

    /** The side that answered reads before the position last changed. */
    int answeringEarlier() {
        return other(answering());
    }

    boolean isRoleLockedByBackfill(int side) {
        if (side == TARGET) {
            for (Chunk.Worker worker : chunk.workers) {
                if (worker.at == Chunk.Worker.At.WRITTEN) {
                    return true;
                }
            }
        }
        return false;
    }
}
