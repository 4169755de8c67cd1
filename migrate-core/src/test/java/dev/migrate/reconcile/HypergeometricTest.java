package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class HypergeometricTest {
    private static final Percentage DIGITS = Percentage.withPercentage(1e-9);

    @Test
    void probabilitiesAndTails_areThoseOfWholeNumbers() {
        for (int population : new int[] {1, 2, 7, 30}) {
            for (int marked = 0; marked <= population; marked++) {
                for (int sample = 0; sample <= population; sample++) {
                    assertExact(population, marked, sample);
                }
            }
        }
    }

    private static void assertExact(int population, int marked, int sample) {
        Hypergeometric distribution = new Hypergeometric(population, marked, sample);
        double all = choose(population, sample).doubleValue();
        BigInteger upTo = BigInteger.ZERO;
        for (int drawn = 0; drawn <= sample; drawn++) {
            BigInteger ways = choose(marked, drawn).multiply(choose(population - marked, sample - drawn));
            double before = upTo.doubleValue() / all;
            upTo = upTo.add(ways);
            assertThat(distribution.of(drawn)).isCloseTo(ways.doubleValue() / all, within(1e-13));
            assertThat(distribution.atMost(drawn)).isCloseTo(upTo.doubleValue() / all, within(1e-12));
            assertThat(distribution.atLeast(drawn)).isCloseTo(1 - before, within(1e-12));
        }
    }

    private static BigInteger choose(int from, int chosen) {
        if (chosen < 0 || chosen > from) {
            return BigInteger.ZERO;
        }
        BigInteger ways = BigInteger.ONE;
        for (int i = 0; i < chosen; i++) {
            ways = ways.multiply(BigInteger.valueOf(from - i)).divide(BigInteger.valueOf(i + 1L));
        }
        return ways;
    }

    /** Forty digits all along, where the logarithm of a factorial would have none left behind its point's fifth. */
    @Test
    void aBillionRows_haveTheirTenDigits() {
        long population = 1_000_000_000;
        MathContext digits = new MathContext(40);
        for (long sample : new long[] {64_000, 1_000_000, 500_000_000}) {
            for (int marked : new int[] {1, 100, 10_000}) {
                BigDecimal exact = BigDecimal.ONE;
                for (int i = 0; i < marked; i++) {
                    exact = exact.multiply(BigDecimal.valueOf(population - sample - i), digits)
                            .divide(BigDecimal.valueOf(population - i), digits);
                }
                Hypergeometric distribution = new Hypergeometric(population, marked, sample);
                Hypergeometric swapped = new Hypergeometric(population, sample, marked);
                for (int drawn = 0; drawn < Math.min(marked, 30); drawn++) {
                    if (exact.doubleValue() > 0) {
                        assertThat(distribution.of(drawn)).isCloseTo(exact.doubleValue(), DIGITS);
                        assertThat(swapped.of(drawn)).isCloseTo(exact.doubleValue(), DIGITS);
                    }
                    exact = exact.multiply(BigDecimal.valueOf((marked - drawn) * (sample - drawn)), digits)
                            .divide(
                                    BigDecimal.valueOf((drawn + 1) * (population - marked - sample + drawn + 1)),
                                    digits);
                }
            }
        }
    }

    @Test
    void tailsOfAMillionRows_addUpToAll() {
        Hypergeometric distribution = new Hypergeometric(1_000_000_000, 100_000_000, 1_000_000);
        for (long drawn : new long[] {98_000, 99_700, 100_000, 100_500, 102_000}) {
            assertThat(distribution.atMost(drawn) + distribution.atLeast(drawn + 1))
                    .isCloseTo(1, within(1e-11));
        }
        assertThat(distribution.atMost(100_000)).isCloseTo(0.5, within(0.002));
        assertThat(distribution.atMost(98_000)).isBetween(1e-12, 1e-10);
    }

    /** The first end is where (1 - 52,981/N)^K is 0.005, but for the rows that were drawn before. */
    @Test
    void intervals_ofNothingFound() {
        assertThat(HypergeometricInterval.of(1_000_000_000, 52_981, 0, 0.005))
                .isEqualTo(new HypergeometricInterval(0, 99_996));
        assertThat(HypergeometricInterval.of(100, 100, 3, 0.005)).isEqualTo(new HypergeometricInterval(3, 3));
        assertThat(HypergeometricInterval.of(100, 0, 0, 0.005)).isEqualTo(new HypergeometricInterval(0, 100));
        assertThat(HypergeometricInterval.of(0, 0, 0, 0.005)).isEqualTo(new HypergeometricInterval(0, 0));
        assertThat(HypergeometricInterval.of(100, 99, 99, 0.005)).isEqualTo(new HypergeometricInterval(99, 100));
    }

    /** Each end is the last number that is not ruled out; its neighbour is. */
    @Test
    void ends_areSharp() {
        long population = 1_000_000_000;
        long sample = 1_000_000;
        for (long differing : new long[] {1, 7, 100, 50_000, 999_000}) {
            HypergeometricInterval interval = HypergeometricInterval.of(population, sample, differing, 0.025);
            assertThat(atMost(population, interval.most(), sample, differing)).isGreaterThan(0.025 - 1e-10);
            assertThat(atMost(population, interval.most() + 1, sample, differing))
                    .isLessThan(0.025);
            assertThat(atLeast(population, interval.least(), sample, differing)).isGreaterThan(0.025 - 1e-10);
            assertThat(atLeast(population, interval.least() - 1, sample, differing))
                    .isLessThan(0.025);
        }
    }

    private static double atMost(long population, long marked, long sample, long drawn) {
        return new Hypergeometric(population, marked, sample).atMost(drawn);
    }

    private static double atLeast(long population, long marked, long sample, long drawn) {
        return new Hypergeometric(population, marked, sample).atLeast(drawn);
    }
}
