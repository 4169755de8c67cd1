package dev.migrate.verify.model;

/** A key that three nodes write on legacy while it is copied. */
final class WrittenState extends KeyState {
    static final int NODES = 3;
    final Writer[] writers = {new Writer(), new Writer(), new Writer()};

    /** The writes that have not begun, as bits. */
    int writes;

    WrittenState(Chunk chunk, int copiers, int writes) {
        super(chunk, copiers);
        this.writes = (1 << writes) - 1;
    }

    @Override
    void fields(Tape tape) {
        super.fields(tape);
        tape.alike(writers);
        writes = tape.number(writes);
    }

    @Override
    boolean isJournalRowLocked() {
        for (Writer writer : writers) {
            if (writer.at == Writer.At.LOCKED) {
                return true;
            }
        }
        return false;
    }
}
