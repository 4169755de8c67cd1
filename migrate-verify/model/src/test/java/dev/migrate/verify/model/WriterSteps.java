package dev.migrate.verify.model;

import static dev.migrate.verify.model.KeyState.LEGACY;

import java.util.List;

/** What three nodes do that write one key, each in transactions: lock its journal row, draw a version, commit. */
final class WriterSteps {
    private final Rules rules;
    private final List<Integer> values;

    /**
     * The steps of writers.
     *
     * @param values the values that are written, each once, in any order and by any node
     */
    WriterSteps(Rules rules, List<Integer> values) {
        this.rules = rules;
        this.values = values;
    }

    void steps(WrittenState at, Steps<WrittenState> steps) {
        for (int node = 0; node < at.writers.length; node++) {
            switch (at.writers[node].at) {
                case IDLE -> begin(at, steps, node);
                case DREW -> lock(at, steps, node);
                case LOCKED -> {
                    commit(at, steps, node);
                    undo(at, steps, node);
                }
            }
        }
    }

    private void begin(WrittenState at, Steps<WrittenState> steps, int node) {
        for (int write = 0; write < values.size(); write++) {
            if ((at.writes & 1 << write) != 0) {
                begin(at, steps, node, write);
            }
        }
    }

    private void begin(WrittenState at, Steps<WrittenState> steps, int node, int write) {
        boolean isLocking = rules.hold(Rule.DRAWN_UNDER_LOCK);
        if (isLocking && at.isJournalRowLocked()) {
            return;
        }
        WrittenState next = steps.draft();
        next.writes &= ~(1 << write);
        Writer writer = next.writers[node];
        writer.value = values.get(write);
        writer.version = next.draw(LEGACY, rules);
        writer.at = isLocking ? Writer.At.LOCKED : Writer.At.DREW;
        steps.take(
                next,
                isLocking ? WriteAction.LOCKS_AND_DRAWS : WriteAction.DRAWS,
                node,
                Values.name(writer.value),
                Versions.name(writer.version));
    }

    /** Where there is a row already, the conflict's update draws anew, under the row's lock. */
    private void lock(WrittenState at, Steps<WrittenState> steps, int node) {
        if (at.isJournalRowLocked()) {
            return;
        }
        WrittenState next = steps.draft();
        Writer writer = next.writers[node];
        writer.at = Writer.At.LOCKED;
        if (at.owes(LEGACY)) {
            writer.version = next.draw(LEGACY, rules);
        }
        steps.take(next, WriteAction.LOCKS, node, Versions.name(writer.version));
    }

    private void commit(WrittenState at, Steps<WrittenState> steps, int node) {
        WrittenState next = steps.draft();
        Writer writer = next.writers[node];
        next.row[LEGACY] = writer.value;
        next.owe(LEGACY, writer.version);
        attemptFromMemory(next, writer);
        writer.stop();
        steps.take(next, WriteAction.COMMITS, node, Values.name(at.writers[node].value));
    }

    /** The transaction goes back to a savepoint before the write, and commits whatever else it did. */
    private void undo(WrittenState at, Steps<WrittenState> steps, int node) {
        WrittenState next = steps.draft();
        Writer writer = next.writers[node];
        attemptFromMemory(next, writer);
        writer.stop();
        steps.take(next, WriteAction.UNDOES, node);
    }

    private void attemptFromMemory(WrittenState next, Writer writer) {
        Copier copier = next.copiers[0];
        if (copier.at == Copier.At.IDLE && !rules.hold(Rule.ATTEMPT_READS_AGAIN)) {
            copier.at = Copier.At.TOOK_BOTH;
            copier.from = LEGACY;
            copier.version = writer.version;
            copier.value = writer.value;
        }
    }
}
