package dev.migrate.rollout;

import java.util.Arrays;

/**
 * Evidence, growing and shrinking look by look, that the target fails more often than legacy by more than a margin.
 *
 * <p>What is computed is an e-process: a number that begins at 1, and whose expectation stays at most 1 at any time one may choose
 * to stop, as long as the target's rate exceeds legacy's by no more than the margin. By Ville's inequality it ever reaches 1/a with
 * a probability of at most a, however many looks there are. It needs neither a number of looks fixed beforehand nor large samples,
 * and the rates may drift, together, from look to look. It does need calls that fail independently of each other: an outage that
 * hits only one side by chance counts as that side's.
 *
 * <p><b>One look.</b> Given a point (l, t) of rates with t above l + margin, guessed from earlier looks alone, the look is worth the
 * ratio of its likelihood under (l, t) to that under the point (x, x + margin) that is nearest to it by Kullback-Leibler divergence,
 * each side weighted by its number of calls. The null hypothesis being convex, the mean of that ratio over the two sides' single
 * calls is at most 1, and so is their product, by the inequality of the means (Turner, Ly, Grünwald: Generic E-variables for exact
 * sequential k-sample tests that allow for optional stopping, 2024; Turner, Grünwald: Exact anytime-valid confidence intervals for
 * contingency tables and beyond, 2023).
 *
 * <p><b>Guesses.</b> A mixture, in equal parts, of several excesses over the margin and of the target's own recent rate. <b>Start
 * times.</b> A mixture of regressions that begin at look 1, 2, 3, ..., the weights falling slowly and adding up to 1, so that a
 * long healthy past does not outweigh a late regression (Shin, Ramdas, Rinaldo: E-detectors, 2023; the mixture keeps Ville's bound,
 * where their sum of start times does not). An average of e-processes is one.
 *
 * <p>Not thread-safe.
 */
final class FailureEvidence {
    private static final double[] EXCESSES = {0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.9};
    private static final double RECENT = 0.8;
    private static final double LEAST_RATE = 1e-6;
    private static final int BISECTIONS = 60;

    private final double margin;
    private final double[] logValue = new double[EXCESSES.length + 1];
    private int looks;
    private double recentFailures;
    private double recentCalls;

    /** Evidence against an excess of more than a margin, 0 to 1. */
    FailureEvidence(double margin) {
        this.margin = margin;
        Arrays.fill(logValue, Double.NEGATIVE_INFINITY);
    }

    /** Takes a look at calls of both sides; {@code legacyGuess} must be known from earlier ones. */
    void look(double legacyGuess, long legacyFailures, long legacyCalls, long targetFailures, long targetCalls) {
        double guess = within(legacyGuess, LEAST_RATE, 1 - margin - LEAST_RATE);
        look(guess + margin, targetFailures, targetCalls, worse -> {
            double nearest = nearest(guess, worse, legacyCalls, targetCalls);
            return logRatio(guess, nearest, legacyFailures, legacyCalls)
                    + logRatio(worse, nearest + margin, targetFailures, targetCalls);
        });
    }

    /**
     * Takes a look at calls of the target alone, where legacy's rate is known to be at most {@code legacyBound}. Where the target may fail at every call,
     * nothing that it does is evidence.
     */
    void lookAgainst(double legacyBound, long targetFailures, long targetCalls) {
        double bound = Math.max(LEAST_RATE, legacyBound + margin);
        boolean allowsAll = bound > 1 - LEAST_RATE;
        look(
                bound,
                targetFailures,
                targetCalls,
                worse -> allowsAll ? 0 : logRatio(worse, bound, targetFailures, targetCalls));
    }

    private interface Worth {
        double of(double worseRate);
    }

    private void look(double bound, long failures, long calls, Worth worth) {
        double logStart = Math.log(tail(looks) - tail(looks + 1));
        looks++;
        for (int i = 0; i < logValue.length; i++) {
            double worse = i < EXCESSES.length ? bound + (1 - bound) * EXCESSES[i] : recentRate();
            double log = worse > bound ? worth.of(within(worse, 0, 1 - LEAST_RATE / 2)) : 0;
            logValue[i] = logSum(logValue[i], logStart) + log;
        }
        recentFailures = RECENT * recentFailures + failures;
        recentCalls = RECENT * recentCalls + calls;
    }

    private double recentRate() {
        return (recentFailures + 0.5) / (recentCalls + 1);
    }

    /** The natural logarithm of the evidence; 0 is none. */
    double log() {
        double sum = Math.log(tail(looks));
        for (double each : logValue) {
            sum = logSum(sum, each - Math.log(logValue.length));
        }
        return sum;
    }

    /** The weight of all start times after the given number of looks: 1 for none. */
    private static double tail(int looks) {
        return 1 / (1 + Math.log1p(looks));
    }

    /** The x for which (x, x + margin) is nearest to (guess, worse); the derivative of the divergence rises with x. */
    private double nearest(double guess, double worse, long legacyCalls, long targetCalls) {
        double low = guess;
        double high = worse - margin;
        for (int i = 0; i < BISECTIONS; i++) {
            double x = (low + high) / 2;
            double y = x + margin;
            double slope = legacyCalls * (x - guess) / (x * (1 - x)) + targetCalls * (y - worse) / (y * (1 - y));
            if (slope < 0) {
                low = x;
            } else {
                high = x;
            }
        }
        return (low + high) / 2;
    }

    private static double logRatio(double rate, double overRate, long failures, long calls) {
        return failures * Math.log(rate / overRate) + (calls - failures) * Math.log((1 - rate) / (1 - overRate));
    }

    /**
     * The highest rate that is compatible with what was seen: a lower share of failures has at most the given probability above it
     * (Chernoff's bound in its exact form, by Kullback-Leibler divergence).
     */
    static double upperBound(long failures, long calls, double probability) {
        double seen = (double) failures / calls;
        double low = seen;
        double high = 1;
        for (int i = 0; i < BISECTIONS; i++) {
            double rate = (low + high) / 2;
            double divergence = (failures == 0 ? 0 : seen * Math.log(seen / rate))
                    + (failures == calls ? 0 : (1 - seen) * Math.log((1 - seen) / (1 - rate)));
            if (calls * divergence < -Math.log(probability)) {
                low = rate;
            } else {
                high = rate;
            }
        }
        return high;
    }

    private static double within(double value, double least, double most) {
        return Math.max(least, Math.min(most, value));
    }

    private static double logSum(double a, double b) {
        double larger = Math.max(a, b);
        return larger == Double.NEGATIVE_INFINITY ? larger : larger + Math.log1p(Math.exp(-Math.abs(a - b)));
    }
}
