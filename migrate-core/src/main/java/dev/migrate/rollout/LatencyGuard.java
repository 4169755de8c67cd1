package dev.migrate.rollout;

import dev.migrate.MigrationException;
import dev.migrate.Percent;
import dev.migrate.Traffic.Sample;
import dev.migrate.internal.option.Bounds;
import java.time.Duration;

/**
 * Turns a rollout back where the target's slow calls are slower than legacy's.
 *
 * <p>At each look, legacy's quantile as it was known before the look is the limit: no larger share of the target's calls may exceed
 * it, with the margin added, than of legacy's calls exceed it without. That holds of every limit where the target is no slower, so
 * the comparison of the two shares is as exact as that of {@link ErrorRateGuard}. Durations are kept to 1/16: a margin below that
 * acts like one of it. Without calls it holds. Immutable.
 *
 * <pre>{@code
 * Guard.latency(0.99).notWorseThanLegacyBy(percent(20))
 * }</pre>
 */
public final class LatencyGuard implements Guard {
    private final double quantile;
    private final Percent factor;
    private final Duration duration;
    private final Strictness strictness;

    LatencyGuard(double quantile) {
        this(quantile, Percent.ZERO, Duration.ZERO, Strictness.DEFAULT);
        if (!(quantile > 0 && quantile < 1)) {
            throw new MigrationException("the quantile of a latency guard must be above 0 and below 1, but was "
                    + quantile + "; 0.99 is the duration that one call in a hundred exceeds");
        }
    }

    private LatencyGuard(double quantile, Percent factor, Duration duration, Strictness strictness) {
        this.quantile = quantile;
        this.factor = factor;
        this.duration = duration;
        this.strictness = strictness;
    }

    /** Leaves a margin as a share of legacy's quantile: with 20, 120 milliseconds are fine where legacy takes 100. Default: 0. */
    public LatencyGuard notWorseThanLegacyBy(Percent share) {
        return new LatencyGuard(quantile, share, duration, strictness);
    }

    /** Leaves a margin in time, beside the one that is a share; zero or more. Default: zero. */
    public LatencyGuard notWorseThanLegacyBy(Duration margin) {
        return new LatencyGuard(
                quantile, factor, Bounds.notNegative("the margin of a latency guard", margin), strictness);
    }

    /** See {@link ErrorRateGuard#minimumCalls}. */
    public LatencyGuard minimumCalls(long calls) {
        return new LatencyGuard(quantile, factor, duration, strictness.withMinimumCalls(calls));
    }

    /** See {@link ErrorRateGuard#falseRollbacksAtMost}. */
    public LatencyGuard falseRollbacksAtMost(Percent share) {
        return new LatencyGuard(quantile, factor, duration, strictness.withFalseRollbacks(share));
    }

    @Override
    public String name() {
        return "latency at " + quantile;
    }

    @Override
    public Judge begin() {
        String what =
                "more calls are slower than that quantile of legacy's, by more than " + factor + " and " + duration;
        return new ComparingJudge(name(), what, 0, strictness, this::slowerThanLegacys);
    }

    private ComparingJudge.Bad slowerThanLegacys(Sample legacyKnown) {
        Duration limit = legacyKnown.quantile(quantile);
        Duration slack = limit.plus(duration).plusNanos((long) (limit.toNanos() * factor.fraction()));
        return new ComparingJudge.Bad() {
            @Override
            public long ofLegacy(Sample sample) {
                return sample.slowerThan(limit);
            }

            @Override
            public long ofTarget(Sample sample) {
                return sample.slowerThan(slack);
            }
        };
    }
}
