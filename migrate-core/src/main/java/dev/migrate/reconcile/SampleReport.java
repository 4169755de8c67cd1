package dev.migrate.reconcile;

import dev.migrate.Side;
import java.time.Duration;
import java.util.List;

/**
 * What a sample has shown of both sides, and with what confidence; {@link #toString} says it in words.
 *
 * <p>It is about the rows that each side had when the sample was drawn, as they stood during the run. It is no proof that nothing
 * differs, opens no gate and makes no plan of repair: repairing the rows that happened to be drawn would leave all others as they are.
 * Where it is refuted, {@link Reconciliation#run} finds and repairs the rest. Holds no value of a row. Immutable.
 */
public final class SampleReport {
    /** Whether fewer rows differ than the goal says. */
    public enum Verdict {
        /** Fewer do, with the goal's confidence. */
        PROVED,
        /** As many or more do, with the goal's confidence. */
        REFUTED,
        /** The sample reached its limit before either could be said. */
        NOT_PROVED
    }

    private final SampleEstimate legacy;
    private final SampleEstimate target;
    private final List<Difference> confirmed;
    private final List<String> inFlight;
    private final long seed;
    private final Duration took;

    SampleReport(SampledPass pass, long seed, Duration took) {
        this.legacy = pass.estimate(Side.LEGACY);
        this.target = pass.estimate(Side.TARGET);
        this.confirmed = pass.confirmed();
        this.inFlight = pass.inFlight();
        this.seed = seed;
        this.took = took;
    }

    /** PROVED where both sides' rows keep the goal, REFUTED where either's break it; wrong no more often than the goal allows. */
    public Verdict verdict() {
        if (legacy.verdict() == Verdict.REFUTED || target.verdict() == Verdict.REFUTED) {
            return Verdict.REFUTED;
        }
        return legacy.verdict() == Verdict.PROVED && target.verdict() == Verdict.PROVED
                ? Verdict.PROVED
                : Verdict.NOT_PROVED;
    }

    /** Whether the verdict is PROVED. */
    public boolean isProved() {
        return verdict() == Verdict.PROVED;
    }

    /** Of legacy's rows: how many are missing or different in the target. */
    public SampleEstimate legacy() {
        return legacy;
    }

    /** Of the target's rows: how many are extra or different. */
    public SampleEstimate target() {
        return target;
    }

    /** The differences in either side's sample that stood when nothing was on its way; those that both samples hold are told once. */
    public List<Difference> confirmed() {
        return confirmed;
    }

    /** The canonical keys that differed while a copy was still owed; they count as equal. */
    public List<String> inFlight() {
        return inFlight;
    }

    /** With {@link SampleGoal#seed}, draws the same rows from the same keys. */
    public long seed() {
        return seed;
    }

    /** How long it took. */
    public Duration took() {
        return took;
    }

    /** What is proved, in words. */
    @Override
    public String toString() {
        return verdict() + ": " + legacy + "; " + target + "; " + inFlight.size()
                + " in flight, counted as equal; seed " + seed;
    }
}
