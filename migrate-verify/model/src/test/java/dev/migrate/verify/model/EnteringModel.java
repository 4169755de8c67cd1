package dev.migrate.verify.model;

import static dev.migrate.verify.model.KeyState.LEGACY;

import dev.migrate.verify.model.EnteringState.Unit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A migration steps to DUAL_WRITE while three nodes write, some of them without owing anything; and back to LEGACY_ONLY, and to DUAL_WRITE
 * once more.
 *
 * <p>Where all that a step to LIVE asks for is there, both sides are equal.
 */
final class EnteringModel implements Model<EnteringState> {
    private final Rules rules;
    private final int lastStep;
    private final boolean hasRoles;
    private final List<Integer> values;
    private final CopierSteps<EnteringState> copiers;
    private final BackfillSteps<EnteringState> backfill;
    private final UnitSteps units;
    private final ProofSteps proof;

    /**
     * A model of some steps.
     *
     * @param lastStep 1 to enter once, 3 to step back and enter again
     * @param hasRoles whether legacy can check its role; where it cannot, no node may be paused past its lease
     * @param values the values that are written
     */
    EnteringModel(Rules rules, int lastStep, boolean hasRoles, Integer... values) {
        this.rules = rules;
        this.lastStep = lastStep;
        this.hasRoles = hasRoles;
        this.values = List.of(values);
        this.copiers = new CopierSteps<>(rules);
        this.backfill = new BackfillSteps<>(rules);
        this.units = new UnitSteps(rules, hasRoles, this.values);
        this.proof = new ProofSteps(rules);
    }

    @Override
    public EnteringState initial() {
        EnteringState state = new EnteringState(lastStep == 1 ? 2 : 1);
        state.writes = (1 << values.size()) - 1;
        return state;
    }

    @Override
    public void steps(EnteringState at, Steps<EnteringState> steps) {
        units.steps(at, steps);
        copiers.steps(at, steps, at.isDualWrite() && mayCopy(at, Rule.COPIES_WAIT_FOR_ALL));
        backfill.steps(at, steps, at.isDualWrite() && mayCopy(at, Rule.BACKFILL_WAITS_FOR_ALL));
        if (needsProof(at)) {
            proof.steps(at, steps, mayCopy(at, Rule.PROOF_WAITS_FOR_ALL));
        }
        tell(at, steps);
        step(at, steps);
    }

    private boolean mayCopy(EnteringState at, Rule wait) {
        boolean isTold = at.isTold() || !rules.hold(Rule.ROLE_BEFORE_COPIES);
        return isTold && (isAcknowledged(at) || !rules.hold(wait));
    }

    /** Whether every node has acknowledged the step, or its lease has run out. */
    private boolean isAcknowledged(EnteringState at) {
        for (Unit unit : at.units) {
            boolean isHeldUp = unit.isRunning && unit.pinned < at.step && rules.hold(Rule.PINS_HOLD_ACKNOWLEDGEMENT);
            if (!unit.isLapsed && (unit.knows < at.step || isHeldUp)) {
                return false;
            }
        }
        return true;
    }

    private boolean needsProof(EnteringState at) {
        return at.step == 3 && rules.hold(Rule.PROVED_AFTER_STEPPING_BACK);
    }

    private static void tell(EnteringState at, Steps<EnteringState> steps) {
        if (!at.isTold()) {
            EnteringState next = steps.draft();
            next.isJournalled = at.isDualWrite();
            next.epoch[LEGACY]++;
            steps.take(next, EnteringAction.TELLS_LEGACY, next.isJournalled ? "owed" : "not owed");
        }
    }

    private void step(EnteringState at, Steps<EnteringState> steps) {
        if (at.step == lastStep || !at.isTold() || !isAcknowledged(at) || at.chunk.isWorkedOn()) {
            return;
        }
        EnteringState next = steps.draft();
        next.step++;
        next.proof.restart();
        if (next.isDualWrite() && next.step > 1) {
            next.chunk.stands = Chunk.Stands.OPEN;
            next.chunk.claims = 1;
        }
        steps.take(next, EnteringAction.STEPS, name(next.step));
    }

    static String name(int step) {
        return EnteringState.isDualWrite(step) ? "DUAL_WRITE" : "LEGACY_ONLY";
    }

    @Override
    public @Nullable Violation violation(EnteringState at) {
        return mayStepToLive(at) && !at.owes(LEGACY) && !at.isEqual()
                ? new Violation(Promise.NO_HIDDEN_DEBT, "nothing is owed, but " + at.differing())
                : null;
    }

    private boolean mayStepToLive(EnteringState at) {
        return at.step == lastStep
                && at.isTold()
                && isAcknowledged(at)
                && at.chunk.isDone()
                && (!needsProof(at) || at.proof.at == EnteringState.Proof.At.PROVED);
    }

    @Override
    public @Nullable Violation violationAtRest(EnteringState at) {
        if (at.owes(LEGACY)) {
            return new Violation(Promise.CONVERGENCE, "the key is owed for ever");
        }
        return at.step == lastStep && at.chunk.isDone()
                ? null
                : new Violation(Promise.NOTHING_IS_STUCK, "the migration stands still at " + name(at.step));
    }

    @Override
    public String toString() {
        return "entering DUAL_WRITE, " + values.stream().map(Values::name).toList()
                + (hasRoles ? "" : ", no roles and no pauses")
                + (lastStep > 1 ? ", stepping back and entering again" : "");
    }
}
