package dev.migrate.verify.model;

import static dev.migrate.verify.model.KeyState.LEGACY;
import static dev.migrate.verify.model.KeyState.TARGET;

import dev.migrate.verify.model.EnteringState.Proof;

/** What a reconciliation does with the key, until it has found it equal on both sides. */
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
            case NOTHING_OWED -> readLegacy(at, steps);
            case LEGACY_READ -> readTarget(at, steps);
            case BOTH_READ -> judge(at, steps);
            case PROVED -> {}
        }
    }

    private void begin(EnteringState at, Steps<EnteringState> steps) {
        if (!rules.hold(Rule.PROOF_LOOKS_AT_DEBT)) {
            readLegacy(at, steps);
        } else if (!at.owes(LEGACY)) {
            EnteringState next = steps.draft();
            next.proof.at = Proof.At.NOTHING_OWED;
            steps.take(next, EnteringAction.LOOKS_FOR_DEBT);
        }
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

    private boolean isOwed(EnteringState at) {
        return at.owes(LEGACY) && rules.hold(Rule.PROOF_LOOKS_AT_DEBT);
    }

    private void judge(EnteringState at, Steps<EnteringState> steps) {
        EnteringState next = steps.draft();
        boolean isEqual = at.proof.legacy == at.proof.target;
        next.proof.restart();
        if (isEqual && !isOwed(at)) {
            next.proof.at = Proof.At.PROVED;
            steps.take(next, EnteringAction.PROVES);
        } else if (isEqual || at.owes(LEGACY) || at.proof.repairs == 0) {
            steps.take(next, EnteringAction.LOOKS_AGAIN);
        } else {
            next.proof.repairs--;
            next.owe(LEGACY, next.draw(LEGACY, rules));
            steps.take(next, EnteringAction.REPAIRS, Versions.name(next.owed[LEGACY]));
        }
    }
}
