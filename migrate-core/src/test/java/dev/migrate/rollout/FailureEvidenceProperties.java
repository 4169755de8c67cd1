package dev.migrate.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** What makes the evidence valid at any time, checked by going through every outcome of a look. */
class FailureEvidenceProperties {
    /** The promise behind Ville's inequality: whatever was seen before, the next look is not expected to raise the evidence. */
    @Property
    void nextLookIsNotExpectedToRaiseTheEvidence(
            @ForAll @DoubleRange(min = 0, max = 0.3) double margin,
            @ForAll @DoubleRange(min = 0, max = 1) double legacyRate,
            @ForAll @DoubleRange(min = 0, max = 1) double shareOfWhatIsAllowed,
            @ForAll @DoubleRange(min = 0, max = 1) double guess,
            @ForAll @IntRange(min = 1, max = 12) int legacyCalls,
            @ForAll @IntRange(min = 1, max = 12) int targetCalls,
            @ForAll @IntRange(max = 12) int earlier) {
        double targetRate = shareOfWhatIsAllowed * Math.min(1, legacyRate + margin);
        double before = Math.exp(seen(margin, guess, earlier).log());

        double expected = 0;
        for (int legacy = 0; legacy <= legacyCalls; legacy++) {
            for (int target = 0; target <= targetCalls; target++) {
                FailureEvidence evidence = seen(margin, guess, earlier);
                evidence.look(guess, legacy, legacyCalls, target, targetCalls);
                expected += binomial(legacyCalls, legacy, legacyRate)
                        * binomial(targetCalls, target, targetRate)
                        * Math.exp(evidence.log());
            }
        }

        assertThat(expected).isLessThanOrEqualTo(before * (1 + 1e-9));
    }

    @Property
    void nextLookAgainstABoundIsNotExpectedToRaiseTheEvidence(
            @ForAll @DoubleRange(min = 0, max = 0.3) double margin,
            @ForAll @DoubleRange(min = 0, max = 0.7) double bound,
            @ForAll @DoubleRange(min = 0, max = 1) double shareOfWhatIsAllowed,
            @ForAll @IntRange(min = 1, max = 12) int targetCalls,
            @ForAll @IntRange(max = 12) int earlier) {
        double targetRate = shareOfWhatIsAllowed * (bound + margin);
        double before = Math.exp(seen(margin, bound, earlier).log());

        double expected = 0;
        for (int target = 0; target <= targetCalls; target++) {
            FailureEvidence evidence = seen(margin, bound, earlier);
            evidence.lookAgainst(bound, target, targetCalls);
            expected += binomial(targetCalls, target, targetRate) * Math.exp(evidence.log());
        }

        assertThat(expected).isLessThanOrEqualTo(before * (1 + 1e-9));
    }

    /** Where legacy's bound and the margin allow the target to fail at every call, it does so without being suspected. */
    @Example
    void targetThatMayAlwaysFail_raisesNoEvidence() {
        FailureEvidence evidence = seen(0.3, 0.7, 0);
        double before = evidence.log();
        for (int look = 0; look < 100; look++) {
            evidence.lookAgainst(0.7, 1_000_000, 1_000_000);
        }
        assertThat(evidence.log()).isLessThanOrEqualTo(before + 1e-9);
    }

    /** Two looks, of which the last has a given number of failures of the target, so that guesses and start times are not at rest. */
    private static FailureEvidence seen(double margin, double guess, int targetFailures) {
        FailureEvidence evidence = new FailureEvidence(margin);
        evidence.look(guess, 1, 20, 1, 20);
        evidence.look(guess, 0, 12, targetFailures, 12);
        return evidence;
    }

    @Property
    void boundIsRarelyBelowTheRate(
            @ForAll @IntRange(min = 1, max = 60) int calls,
            @ForAll @DoubleRange(min = 0, max = 1) double rate,
            @ForAll @DoubleRange(min = 0.01, max = 0.5) double probability) {
        double wrong = 0;
        for (int failures = 0; failures <= calls; failures++) {
            double bound = FailureEvidence.upperBound(failures, calls, probability);
            assertThat(bound).isBetween((double) failures / calls, 1.0);
            wrong += bound < rate ? binomial(calls, failures, rate) : 0;
        }

        assertThat(wrong).isLessThanOrEqualTo(probability + 1e-9);
    }

    private static double binomial(int n, int k, double p) {
        double ways = 1;
        for (int i = 1; i <= k; i++) {
            ways = ways * (n - k + i) / i;
        }
        return ways * Math.pow(p, k) * Math.pow(1 - p, n - k);
    }
}
