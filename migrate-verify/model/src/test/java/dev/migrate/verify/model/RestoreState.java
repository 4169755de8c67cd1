package dev.migrate.verify.model;

/** A key on legacy, whose database is restored to a state that it had before. */
final class RestoreState extends KeyState {
    /** How far the restore has come. */
    enum Restore {
        NOT_SAVED,
        SAVED,
        RESTORED,
        RAISED;

        static final Restore[] ALL = values();
    }

    static final int NODES = 3;
    Restore restore = Restore.NOT_SAVED;

    /** What the copy of legacy's database holds that it is restored to. */
    int savedRow;

    int savedOwed;
    int savedSequence;

    /** The writes of three nodes that have not begun, as bits; a write is one step here, so a node is only who makes it. */
    int writes;

    /** Whether a write has been acknowledged since the restore. */
    boolean isWritten;

    RestoreState(int writes) {
        super(Chunk.done(), 2);
        this.writes = (1 << writes) - 1;
        row[LEGACY] = Values.ABSENT;
    }

    @Override
    void fields(Tape tape) {
        super.fields(tape);
        restore = tape.one(restore, Restore.ALL);
        savedRow = tape.number(savedRow);
        savedOwed = tape.number(savedOwed);
        savedSequence = tape.number(savedSequence);
        writes = tape.number(writes);
        isWritten = tape.flag(isWritten);
    }
}
