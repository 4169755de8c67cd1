package dev.migrate.reconcile;

import static dev.migrate.Percent.percent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Percent;
import dev.migrate.reconcile.SampleReport.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/**
 * How often what a sample says is true: not simulated, but added up over everything that a sample may hold, each with its probability.
 */
class SampleCoverageTest {
    private static final double ROUNDING = 1e-8;
    private static final double[] CONFIDENCES = {0.95, 0.99};
    private static final double[] RATES = {0, 1e-4, 1e-3, 0.01, 0.1, 0.5, 1};
    private static final int LARGEST = 100_000;
    private static final ExactProbabilities EXACT = new ExactProbabilities(LARGEST);

    private record Interval(double least, double most) {
        boolean holds(long marked) {
            return least - ROUNDING <= marked && marked <= most + ROUNDING;
        }
    }

    private interface Method {
        Interval of(int population, int sample, long differing, double confidence);
    }

    private record Worst(double coverage, double rate) {}

    private static Interval exact(int population, int sample, long differing, double confidence) {
        HypergeometricInterval interval =
                HypergeometricInterval.of(population, sample, differing, (1 - confidence) / 2);
        return new Interval(interval.least(), interval.most());
    }

    /** Wilson's score interval, with the correction for a finite population. */
    private static Interval wilson(int population, int sample, long differing, double confidence) {
        double z = confidence == 0.95 ? 1.959963984540054 : 2.5758293035489004;
        double size = sample * (population - 1.0) / Math.max(population - sample, 1e-9);
        double square = z * z / size;
        double share = (double) differing / sample;
        double middle = share + square / 2;
        double half = Math.sqrt(square * share * (1 - share) + square * square / 4);
        return new Interval((middle - half) / (1 + square) * population, (middle + half) / (1 + square) * population);
    }

    private static Worst worst(Method method, double confidence) {
        Worst worst = new Worst(1, 0);
        for (int population : new int[] {20, 1_000, 10_000, LARGEST}) {
            for (double part : new double[] {0.01, 0.1, 0.5, 0.9}) {
                int sample = (int) Math.ceil(population * part);
                Map<Long, Interval> intervals = new HashMap<>();
                for (double rate : RATES) {
                    int marked = (int) Math.round(population * rate);
                    double coverage = EXACT.sum(
                            population,
                            marked,
                            sample,
                            drawn -> intervals
                                    .computeIfAbsent(drawn, x -> method.of(population, sample, x, confidence))
                                    .holds(marked));
                    worst = coverage < worst.coverage ? new Worst(coverage, rate) : worst;
                }
            }
        }
        return worst;
    }

    @Test
    void exactIntervals_holdAsOftenAsTheyPromise_everywhere() {
        for (double confidence : CONFIDENCES) {
            assertThat(worst(SampleCoverageTest::exact, confidence).coverage)
                    .as("coverage of %s", confidence)
                    .isBetween(confidence - ROUNDING, 1.0);
        }
    }

    @Test
    void wilsonsIntervals_doNot() {
        for (double confidence : CONFIDENCES) {
            Worst worst = worst(SampleCoverageTest::wilson, confidence);
            assertThat(worst.coverage).as("coverage of %s", confidence).isLessThan(confidence - 0.03);
            assertThat(worst.rate).isBetween(1e-4, 0.1);
        }
    }

    @Test
    void wilsonsIntervals_fallShortAtOneInTenThousand() {
        int sample = 1_000;
        assertThat(EXACT.sum(
                        LARGEST,
                        10,
                        sample,
                        drawn -> wilson(LARGEST, sample, drawn, 0.95).holds(10)))
                .isBetween(0.904, 0.905);
        assertThat(EXACT.sum(
                        LARGEST,
                        10,
                        sample,
                        drawn -> exact(LARGEST, sample, drawn, 0.95).holds(10)))
                .isGreaterThan(0.95);
    }

    /** The same, of tables so small that nothing is left out. */
    @Test
    void exactIntervals_holdInEverySmallTable() {
        for (int population = 1; population <= 25; population++) {
            for (int sample = 1; sample <= population; sample++) {
                for (int marked = 0; marked <= population; marked++) {
                    for (double confidence : CONFIDENCES) {
                        int rows = population;
                        int drawn = sample;
                        int differing = marked;
                        assertThat(EXACT.sum(
                                        rows,
                                        differing,
                                        drawn,
                                        x -> exact(rows, drawn, x, confidence).holds(differing)))
                                .isGreaterThanOrEqualTo(confidence - ROUNDING);
                    }
                }
            }
        }
    }

    /** A sample that grows, from look to look. */
    private static final class Growing {
        private final int population;
        private final int marked;
        private double[] probabilities = {1};
        private int size;

        Growing(int population, int marked) {
            this.population = population;
            this.marked = marked;
        }

        /** Draws further rows; every state is a number of differing rows, with the probability that it was reached. */
        void growTo(int next) {
            double[] grown = new double[marked + 1];
            for (int before = 0; before < probabilities.length; before++) {
                if (probabilities[before] > 0) {
                    for (int more = 0; more <= marked - before; more++) {
                        grown[before + more] +=
                                probabilities[before] * EXACT.of(population - size, marked - before, next - size, more);
                    }
                }
            }
            probabilities = grown;
            size = next;
        }

        /** Takes out those states for which something is true, and gives the probability that it was. */
        double take(IntFunction<Boolean> isTrue) {
            double taken = 0;
            for (int drawn = 0; drawn < probabilities.length; drawn++) {
                if (probabilities[drawn] > 0 && isTrue.apply(drawn)) {
                    taken += probabilities[drawn];
                    probabilities[drawn] = 0;
                }
            }
            return taken;
        }
    }

    private record Case(int population, Percent rate, Percent confidence, int mostRows) {
        SamplePlan plan() {
            return SamplePlan.of(
                    SampleGoal.fewerThan(rate).confidence(confidence).mostRows(mostRows), population, "users");
        }

        double miss() {
            return 1 - confidence.fraction();
        }

        /** Numbers of differing rows on both sides of the goal, at it, far from it, none, and 1 in 10,000. */
        TreeSet<Integer> marked() {
            int tooMany = (int) Math.ceil(population * (double) rate.partsPerMillion() / 1e6);
            return new TreeSet<>(List.of(
                    0, population / 10_000, tooMany / 4, tooMany / 2, tooMany - 1, tooMany, tooMany + 1, 2 * tooMany));
        }
    }

    private static final List<Case> CASES = List.of(
            new Case(100, percent(3), percent(95), 100),
            new Case(10_000, percent(0.01), percent(99), 10_000),
            new Case(10_000, percent(0.1), percent(99), 10_000),
            new Case(10_000, percent(1), percent(95), 10_000),
            new Case(50_000, percent(0.1), percent(95), 50_000),
            new Case(50_000, percent(0.2), percent(99), 30_000),
            new Case(LARGEST, percent(0.05), percent(95), LARGEST));

    private interface Looking {
        HypergeometricInterval at(int size, int differing);
    }

    /** The probability that any of the looks has an interval without the true number. */
    private static double anyMiss(Case of, int marked, Looking looking) {
        Growing sample = new Growing(of.population, marked);
        double missed = 0;
        for (int size : of.plan().sizes()) {
            sample.growTo(size);
            missed += sample.take(differing -> {
                HypergeometricInterval interval = looking.at(size, differing);
                return marked < interval.least() || marked > interval.most();
            });
        }
        return missed;
    }

    @Test
    void growingSample_holdsAtAllOfItsLooksTogether() {
        for (Case each : CASES) {
            SamplePlan plan = each.plan();
            for (int marked : each.marked()) {
                assertThat(anyMiss(each, marked, (size, differing) -> plan.interval(size, differing, 0)))
                        .as("%s with %s differing", each, marked)
                        .isLessThanOrEqualTo(each.miss() + ROUNDING);
            }
        }
    }

    /** Looks of which each is given all that may go wrong. */
    @Test
    void growingSample_withoutTheDivision_breaksItsPromise() {
        double worst = 0;
        for (Case each : CASES) {
            for (int marked : each.marked()) {
                double missed = anyMiss(
                        each,
                        marked,
                        (size, differing) ->
                                HypergeometricInterval.of(each.population, size, differing, each.miss() / 2));
                worst = Math.max(worst, missed / each.miss());
            }
        }
        assertThat(worst).as("how many times as often as promised").isGreaterThan(1.2);
    }

    /** The whole procedure, which stops at the first verdict: wrong of a side with at most half, so of both with at most all. */
    @Test
    void verdicts_areWrongNoMoreOftenThanPromised() {
        for (Case each : CASES) {
            SamplePlan plan = each.plan();
            for (int marked : each.marked()) {
                Verdict wrong = marked * 1_000_000L < (long) each.rate.partsPerMillion() * each.population
                        ? Verdict.REFUTED
                        : Verdict.PROVED;
                Growing sample = new Growing(each.population, marked);
                double mistaken = 0;
                for (int size : plan.sizes()) {
                    sample.growTo(size);
                    mistaken += sample.take(differing -> plan.verdict(plan.interval(size, differing, 0)) == wrong);
                    sample.take(differing -> plan.verdict(plan.interval(size, differing, 0)) != Verdict.NOT_PROVED);
                }
                assertThat(mistaken)
                        .as("%s with %s differing", each, marked)
                        .isLessThanOrEqualTo(each.miss() / 2 + ROUNDING);
            }
        }
    }
}
