package dev.migrate.rollout;

import dev.migrate.Percent;
import dev.migrate.Traffic.Sample;

/**
 * Turns a rollout back where a larger share of calls fails on the target than on legacy.
 *
 * <p>Both sides are compared on the same traffic, look by look, by a test that stays valid however often one looks: the likelihood
 * ratio of Turner, Ly and Grünwald (Generic E-variables for exact sequential k-sample tests that allow for optional stopping, 2024),
 * in a mixture over the look at which a regression begins. It takes calls to fail independently of each other. What the domain
 * answers, such as a declined card, is no failure. Without calls it holds. Immutable.
 *
 * <p>Where legacy gets too few calls to compare with, as on the last step, what it did during the step before takes their place.
 *
 * <pre>{@code
 * Guard.errorRate().notWorseThanLegacyBy(percent(1))
 * }</pre>
 */
public final class ErrorRateGuard implements Guard {
    private final Percent margin;
    private final Strictness strictness;

    ErrorRateGuard() {
        this(Percent.ZERO, Strictness.DEFAULT);
    }

    private ErrorRateGuard(Percent margin, Strictness strictness) {
        this.margin = margin;
        this.strictness = strictness;
    }

    /** Leaves a margin in percentage points: with 1, a target at 2.9 percent is fine where legacy is at 2. Default: 0. */
    public ErrorRateGuard notWorseThanLegacyBy(Percent percentagePoints) {
        return new ErrorRateGuard(percentagePoints, strictness);
    }

    /** How many calls of each side must have been seen since the step before the guard says go on; at least 1. Default: 100. */
    public ErrorRateGuard minimumCalls(long calls) {
        return new ErrorRateGuard(margin, strictness.withMinimumCalls(calls));
    }

    /**
     * How large a share of the steps of a target that is no worse may be turned back by chance, on each node, over all looks of the
     * step together; above 0, at most 50 percent. Smaller is slower. Default: 1 percent.
     */
    public ErrorRateGuard falseRollbacksAtMost(Percent share) {
        return new ErrorRateGuard(margin, strictness.withFalseRollbacks(share));
    }

    @Override
    public String name() {
        return "error rate";
    }

    @Override
    public Judge begin() {
        String what = margin.equals(Percent.ZERO)
                ? "more calls fail than on legacy"
                : "more calls fail than on legacy, by more than " + margin;
        return new ComparingJudge(name(), what, margin.fraction(), strictness, legacy -> FAILURES);
    }

    private static final ComparingJudge.Bad FAILURES = new ComparingJudge.Bad() {
        @Override
        public long ofLegacy(Sample sample) {
            return sample.failures();
        }

        @Override
        public long ofTarget(Sample sample) {
            return sample.failures();
        }
    };
}
