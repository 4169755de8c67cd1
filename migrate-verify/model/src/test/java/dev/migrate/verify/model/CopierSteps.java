package dev.migrate.verify.model;

import static dev.migrate.verify.model.KeyState.name;
import static dev.migrate.verify.model.KeyState.other;

import dev.migrate.side.Role;
import dev.migrate.verify.model.KeyState.Standing;

/** What copiers do: take version and value, write both to the shadow in one transaction, strike out the debt. */
final class CopierSteps<S extends KeyState> {
    private final Rules rules;

    CopierSteps(Rules rules) {
        this.rules = rules;
    }

    /**
     * The steps of all copiers.
     *
     * @param mayBegin whether copies may be begun at all
     */
    void steps(S at, Steps<S> steps, boolean mayBegin) {
        for (int i = 0; i < at.copiers.length; i++) {
            Copier copier = at.copiers[i];
            switch (copier.at) {
                case IDLE -> {
                    if (mayBegin) {
                        begin(at, steps, i, KeyState.LEGACY);
                        begin(at, steps, i, KeyState.TARGET);
                    }
                }
                case TOOK_VERSION -> takeValue(at, steps, i);
                case TOOK_VALUE -> takeVersion(at, steps, i);
                case TOOK_BOTH -> write(at, steps, i);
                case WRITTEN -> {
                    commit(at, steps, i);
                    fail(at, steps, i);
                }
                case TO_SETTLE -> settle(at, steps, i);
            }
            if (copier.at != Copier.At.IDLE) {
                S killed = steps.draft();
                killed.copiers[i].stop();
                steps.take(killed, CopyAction.DIES, i);
            }
        }
    }

    private void begin(S at, Steps<S> steps, int i, int from) {
        if (!at.owes(from) || at.standing[from] != Standing.DUE) {
            return;
        }
        S next = steps.draft();
        Copier copier = next.copiers[i];
        copier.from = from;
        if (rules.hold(Rule.VERSION_BEFORE_VALUE)) {
            copier.at = Copier.At.TOOK_VERSION;
            copier.version = at.owed[from];
            steps.take(next, CopyAction.TAKES_VERSION, i, Versions.name(copier.version), name(from));
        } else {
            copier.at = Copier.At.TOOK_VALUE;
            copier.value = at.row[from];
            steps.take(next, CopyAction.TAKES_VALUE, i, Values.name(copier.value), name(from));
        }
    }

    private void takeValue(S at, Steps<S> steps, int i) {
        S next = steps.draft();
        Copier copier = next.copiers[i];
        copier.at = Copier.At.TOOK_BOTH;
        copier.value = at.row[copier.from];
        steps.take(next, CopyAction.TAKES_VALUE, i, Values.name(copier.value), name(copier.from));
    }

    private void takeVersion(S at, Steps<S> steps, int i) {
        S next = steps.draft();
        Copier copier = next.copiers[i];
        int from = copier.from;
        if (at.owes(from)) {
            copier.at = Copier.At.TOOK_BOTH;
            copier.version = at.owed[from];
        } else {
            copier.stop();
        }
        steps.take(next, CopyAction.TAKES_VERSION, i, Versions.name(at.owed[from]), name(from));
    }

    /** Moves the ledger and writes the row; both are seen by others once they are committed. */
    private void write(S at, Steps<S> steps, int i) {
        Copier copier = at.copiers[i];
        int to = other(copier.from);
        if (rules.hold(Rule.LEDGER_FIRST) && isLedgerRowLocked(at, copier.from)) {
            return;
        }
        S next = steps.draft();
        if (at.role[to] != Role.SHADOW) {
            next.copiers[i].stop();
            steps.take(next, CopyAction.IS_REFUSED, i, name(to));
        } else if (copier.version <= at.held[to] && rules.hold(Rule.VERSION_CONDITION)) {
            next.copiers[i].at = Copier.At.TO_SETTLE;
            steps.take(next, CopyAction.IS_OVERTAKEN, i, Versions.name(copier.version), name(to));
        } else {
            next.copiers[i].at = Copier.At.WRITTEN;
            next.copiers[i].sawRow = at.row[to] != Values.ABSENT;
            steps.take(next, CopyAction.WRITES, i, Values.name(copier.value), name(to));
        }
    }

    private boolean isLedgerRowLocked(S at, int from) {
        for (Copier other : at.copiers) {
            if (other.at == Copier.At.WRITTEN && other.from == from) {
                return true;
            }
        }
        return false;
    }

    private void commit(S at, Steps<S> steps, int i) {
        S next = steps.draft();
        Copier copier = next.copiers[i];
        int to = other(copier.from);
        copier.at = Copier.At.TO_SETTLE;
        copier.sawRow = false;
        if (copier.version <= at.held[to] && rules.hold(Rule.VERSION_CONDITION)) {
            steps.take(next, CopyAction.ROLLS_BACK, i);
            return;
        }
        boolean isDelete = copier.value == Values.ABSENT;
        if (!isDelete || at.copiers[i].sawRow) {
            next.row[to] = copier.value;
        }
        if (!isDelete || rules.hold(Rule.TOMBSTONE)) {
            next.held[to] = copier.version;
        }
        steps.take(next, CopyAction.COMMITS, i, Values.name(copier.value), name(to));
    }

    private void fail(S at, Steps<S> steps, int i) {
        if (at.failures == 0) {
            return;
        }
        S next = steps.draft();
        Copier copier = next.copiers[i];
        next.failures--;
        if (!rules.hold(Rule.CLEARS_WHAT_ARRIVED)) {
            copier.at = Copier.At.TO_SETTLE;
            steps.take(next, CopyAction.FAILS, i);
            return;
        }
        if (at.owed[copier.from] == copier.version) {
            next.standing[copier.from] = Standing.PARKED;
        }
        copier.stop();
        steps.take(next, CopyAction.PARKS, i);
    }

    private void settle(S at, Steps<S> steps, int i) {
        S next = steps.draft();
        Copier copier = next.copiers[i];
        int from = copier.from;
        boolean isSame = at.owed[from] == copier.version;
        if (isSame || !rules.hold(Rule.CLEARS_ITS_OWN_VERSION)) {
            next.owe(from, Versions.NONE);
        }
        String version = Versions.name(copier.version);
        copier.stop();
        steps.take(next, CopyAction.SETTLES, i, version, name(from));
    }
}
