package dev.migrate.verify.model;

import static dev.migrate.verify.model.KeyState.LEGACY;
import static dev.migrate.verify.model.KeyState.TARGET;

import dev.migrate.verify.model.EnteringState.Proof;

/** What a reconciliation does with the key, until it has found it equal on both sides, or on its way. */
final class ProofSteps {
    private final Rules rules;

    ProofSteps(Rules rules) {
        this.rules = rules;
    }

    void steps(EnteringState at, Steps<EnteringState> steps, boolean mayBegin) {
        switch (at.proof.at) {
            case NONE -> {
                if (mayBegin) {
                    begin(at, steps);
                }
            }
            case BEGUN -> readLegacy(at, steps);
            case LEGACY_READ -> readTarget(at, steps);
            case BOTH_READ -> judge(at, steps);
            case PROVED -> {}
        }
    }

    /** What is owed from before stays in the way: a copier of that time may still put an old value there. */
    private void begin(EnteringState at, Steps<EnteringState> steps) {
        if (!isOwedFromBefore(at) || !rules.hold(Rule.PROOF_LOOKS_AT_DEBT)) {
            EnteringState next = steps.draft();
            next.proof.at = Proof.At.BEGUN;
            next.proof.wasOwed = at.owes(LEGACY);
            steps.take(next, EnteringAction.LOOKS_FOR_DEBT);
        }
    }

    private static boolean isOwedFromBefore(EnteringState at) {
        return at.owes(LEGACY) && Versions.epoch(at.owed[LEGACY]) < at.epoch[LEGACY];
    }

    private static void readLegacy(EnteringState at, Steps<EnteringState> steps) {
        EnteringState next = steps.draft();
        next.proof.at = Proof.At.LEGACY_READ;
        next.proof.legacy = at.row[LEGACY];
        steps.take(next, EnteringAction.READS_LEGACY, Values.name(at.row[LEGACY]));
    }

    private static void readTarget(EnteringState at, Steps<EnteringState> steps) {
        EnteringState next = steps.draft();
        next.proof.at = Proof.At.BOTH_READ;
        next.proof.target = at.row[TARGET];
        steps.take(next, EnteringAction.READS_TARGET, Values.name(at.row[TARGET]));
    }

    private void judge(EnteringState at, Steps<EnteringState> steps) {
        EnteringState next = steps.draft();
        boolean isEqual = at.proof.legacy == at.proof.target;
        boolean isOnItsWay = at.proof.wasOwed || at.owes(LEGACY);
        next.proof.restart();
        if (isEqual || isOnItsWay) {
            next.proof.at = Proof.At.PROVED;
            steps.take(next, EnteringAction.PROVES);
        } else if (at.proof.repairs == 0) {
            steps.take(next, EnteringAction.LOOKS_AGAIN);
        } else {
            next.proof.repairs--;
            next.owe(LEGACY, next.draw(LEGACY, rules));
            steps.take(next, EnteringAction.REPAIRS, Versions.name(next.owed[LEGACY]));
        }
    }
}
