package dev.migrate.verify.model;

import static dev.migrate.verify.model.KeyState.LEGACY;
import static dev.migrate.verify.model.KeyState.TARGET;

import dev.migrate.verify.model.Chunk.Stands;
import dev.migrate.verify.model.Chunk.Worker;
import dev.migrate.verify.model.Chunk.Worker.At;

/** What the workers of a backfill do with the chunk that the key is in: OPEN, then COPIED, then DONE. */
final class BackfillSteps<S extends KeyState> {
    private final Rules rules;

    BackfillSteps(Rules rules) {
        this.rules = rules;
    }

    /**
     * The steps of all workers.
     *
     * @param mayBegin whether a chunk may be claimed at all
     */
    void steps(S at, Steps<S> steps, boolean mayBegin) {
        for (int i = 0; i < at.chunk.workers.length; i++) {
            switch (at.chunk.workers[i].at) {
                case IDLE -> {
                    if (mayBegin && !at.chunk.isDone() && at.chunk.claims > 0) {
                        claim(at, steps, i);
                    }
                }
                case CLAIMED_OPEN -> read(at, steps, i);
                case READ -> write(at, steps, i);
                case WRITTEN -> commit(at, steps, i);
                case TO_NOTE -> note(steps, i);
                case CLAIMED_COPIED -> scan(at, steps, i);
                case TO_LOOK -> lookFirst(at, steps, i);
                case HALF_LOOKED -> lookAgain(at, steps, i);
                case TO_OWE -> owe(at, steps, i);
                case TO_FINISH -> finish(at, steps, i);
            }
            if (at.chunk.workers[i].at != At.IDLE && at.chunk.claims > 0) {
                S killed = steps.draft();
                killed.chunk.workers[i].stop();
                steps.take(killed, BackfillAction.DIES, i);
            }
        }
    }

    /** A claim's end is a matter of time: the chunk may be taken from a worker that still runs. */
    private void claim(S at, Steps<S> steps, int i) {
        S next = steps.draft();
        next.chunk.claims--;
        for (Worker other : next.chunk.workers) {
            other.holdsToken = false;
        }
        Worker worker = next.chunk.workers[i];
        worker.holdsToken = true;
        if (at.chunk.stands == Stands.OPEN) {
            worker.at = At.CLAIMED_OPEN;
            steps.take(next, BackfillAction.CLAIMS_OPEN, i);
        } else if (rules.hold(Rule.OWES_AFTER_A_CRASH)) {
            worker.at = At.CLAIMED_COPIED;
            steps.take(next, BackfillAction.CLAIMS_COPIED, i);
        } else {
            worker.at = At.TO_FINISH;
            steps.take(next, BackfillAction.CLAIMS_COPIED, i);
        }
    }

    private void read(S at, Steps<S> steps, int i) {
        S next = steps.draft();
        Worker worker = next.chunk.workers[i];
        worker.at = At.READ;
        worker.value = at.row[LEGACY];
        worker.watermark = rules.hold(Rule.TOUCHED_BY_ROW) ? 0 : at.sequence[LEGACY];
        steps.take(next, BackfillAction.READS, i, Values.name(worker.value));
    }

    /** What is in the table or in the ledger is left alone; the rows are seen by others once they are committed. */
    private void write(S at, Steps<S> steps, int i) {
        S next = steps.draft();
        Worker worker = next.chunk.workers[i];
        boolean isThere = at.row[TARGET] != Values.ABSENT || at.held[TARGET] != Versions.NONE;
        worker.inserts = worker.value != Values.ABSENT && !isThere;
        worker.at = At.WRITTEN;
        if (worker.inserts) {
            steps.take(next, BackfillAction.WRITES, i, Values.name(worker.value));
        } else {
            worker.value = Values.ABSENT;
            steps.take(next, BackfillAction.LEAVES_OUT, i);
        }
    }

    private void commit(S at, Steps<S> steps, int i) {
        S next = steps.draft();
        Worker worker = next.chunk.workers[i];
        boolean isOverdue = !worker.holdsToken || at.chunk.stands != Stands.OPEN;
        if (isOverdue && rules.hold(Rule.CHUNK_TOKEN)) {
            worker.stop();
            steps.take(next, BackfillAction.LOST_TOKEN, i);
            return;
        }
        boolean isStillAbsent = at.row[TARGET] == Values.ABSENT;
        if (worker.inserts && isStillAbsent) {
            next.row[TARGET] = worker.value;
        }
        worker.inserts = worker.inserts && isStillAbsent;
        worker.value = Values.ABSENT;
        if (rules.hold(Rule.COPIED_WITH_ITS_ROWS)) {
            worker.at = afterCopy(worker);
            next.chunk.stands = at.chunk.stands == Stands.OPEN ? Stands.COPIED : at.chunk.stands;
        } else {
            worker.at = At.TO_NOTE;
        }
        steps.take(next, BackfillAction.COMMITS, i);
    }

    private At afterCopy(Worker worker) {
        return worker.inserts && rules.hold(Rule.OWES_AGAIN) ? At.TO_LOOK : At.TO_FINISH;
    }

    private void note(Steps<S> steps, int i) {
        S next = steps.draft();
        Worker worker = next.chunk.workers[i];
        worker.at = afterCopy(worker);
        if (next.chunk.stands == Stands.OPEN) {
            next.chunk.stands = Stands.COPIED;
        }
        steps.take(next, BackfillAction.NOTES, i);
    }

    /** Whatever the chunk inserted, be it stale or a row that should be gone, is on the target. */
    private void scan(S at, Steps<S> steps, int i) {
        S next = steps.draft();
        Worker worker = next.chunk.workers[i];
        worker.inserts = at.row[TARGET] != Values.ABSENT;
        worker.at = afterCopy(worker);
        steps.take(next, BackfillAction.SCANS, i);
    }

    private void lookFirst(S at, Steps<S> steps, int i) {
        S next = steps.draft();
        Worker worker = next.chunk.workers[i];
        worker.at = At.HALF_LOOKED;
        if (rules.hold(Rule.JOURNAL_BEFORE_LEDGER)) {
            worker.isTouched = isInJournal(at, worker);
            steps.take(next, BackfillAction.LOOKS_INTO_JOURNAL, i, found(worker.isTouched));
        } else {
            worker.isTouched = isInLedger(at, worker);
            steps.take(next, BackfillAction.LOOKS_INTO_LEDGER, i, found(worker.isTouched));
        }
    }

    private void lookAgain(S at, Steps<S> steps, int i) {
        S next = steps.draft();
        Worker worker = next.chunk.workers[i];
        boolean isFound = rules.hold(Rule.JOURNAL_BEFORE_LEDGER) ? isInLedger(at, worker) : isInJournal(at, worker);
        worker.at = worker.isTouched || isFound ? At.TO_OWE : At.TO_FINISH;
        worker.isTouched = false;
        BackfillAction action = rules.hold(Rule.JOURNAL_BEFORE_LEDGER)
                ? BackfillAction.LOOKS_INTO_LEDGER
                : BackfillAction.LOOKS_INTO_JOURNAL;
        steps.take(next, action, i, found(isFound));
    }

    private static String found(boolean isFound) {
        return isFound ? "finds the key" : "does not find the key";
    }

    /** The watermark is zero where none is used: then every row counts. */
    private static boolean isInJournal(KeyState at, Worker worker) {
        return at.owes(LEGACY) && Versions.sequence(at.owed[LEGACY]) > worker.watermark;
    }

    private static boolean isInLedger(KeyState at, Worker worker) {
        return at.held[TARGET] != Versions.NONE && Versions.sequence(at.held[TARGET]) > worker.watermark;
    }

    private void owe(S at, Steps<S> steps, int i) {
        if (at.isJournalRowLocked()) {
            return;
        }
        S next = steps.draft();
        next.chunk.workers[i].at = At.TO_FINISH;
        if (rules.hold(Rule.OWES_UNDER_NEW_VERSION)) {
            next.owe(LEGACY, next.draw(LEGACY, rules));
        } else {
            next.owe(LEGACY, at.owes(LEGACY) ? at.owed[LEGACY] : at.held[TARGET]);
        }
        steps.take(next, BackfillAction.OWES_AGAIN, i, Versions.name(next.owed[LEGACY]));
    }

    private void finish(S at, Steps<S> steps, int i) {
        S next = steps.draft();
        Worker worker = next.chunk.workers[i];
        if (worker.holdsToken || !rules.hold(Rule.CHUNK_TOKEN)) {
            next.chunk.stands = Stands.DONE;
        }
        worker.stop();
        steps.take(next, BackfillAction.FINISHES, i, at.chunk.workers[i].holdsToken ? "" : ", overtaken by another");
    }
}
