package dev.migrate.reconcile;

/**
 * How many marked rows a sample holds that is drawn without replacement: the hypergeometric distribution.
 *
 * <p><b>A single probability</b> is not taken from differences of log-gammas, which lose the digits that matter where the population is
 * large: the logarithm of 1,000,000,000! has ten digits before its point. With ln n! = n ln n - n + s(n), all large terms of the nine
 * factorials add up to the deviances x ln(x/e) + e - x of the four cells of the table "marked or not, drawn or not" from what is expected
 * of them, which are as small as the result; the rest is s(n), by Stirling's series (Loader: Fast and Accurate Computation of Binomial
 * Probabilities, 2000, where the binomial distribution is treated so).
 *
 * <p><b>A tail</b> is summed from its largest term outwards, by the ratio of neighbours, until no term is left that would change the sum.
 * The side that the mode is not on is summed, and its complement taken where the other is wanted. That takes as many steps as a few
 * standard deviations have rows; a standard deviation has 500 at most for a sample of a million.
 *
 * <p>Immutable.
 */
final class Hypergeometric {
    private static final double NEGLIGIBLE = 1e-17;
    private static final int EXACT_UP_TO = 15;
    private static final double[] SMALL = small();
    private final long population;
    private final long marked;
    private final long sample;

    /**
     * The distribution of the marked rows in a sample.
     *
     * @param population how many rows there are; not negative
     * @param marked how many of them are marked; 0 to {@code population}
     * @param sample how many of them are drawn; 0 to {@code population}
     */
    Hypergeometric(long population, long marked, long sample) {
        this.population = population;
        this.marked = marked;
        this.sample = sample;
    }

    /** The fewest that a sample can hold. */
    long least() {
        return Math.max(0, sample - (population - marked));
    }

    /** The most that a sample can hold. */
    long most() {
        return Math.min(sample, marked);
    }

    /** The probability that the sample holds exactly so many. */
    double of(long drawn) {
        if (drawn < least() || drawn > most()) {
            return 0;
        }
        double shareDrawn = (double) sample / population;
        double shareLeft = (double) (population - sample) / population;
        double deviance = deviance(drawn, marked * shareDrawn)
                + deviance(marked - drawn, marked * shareLeft)
                + deviance(sample - drawn, (population - marked) * shareDrawn)
                + deviance(population - marked - sample + drawn, (population - marked) * shareLeft);
        double correction = stirling(marked)
                + stirling(population - marked)
                + stirling(sample)
                + stirling(population - sample)
                - stirling(population)
                - stirling(drawn)
                - stirling(marked - drawn)
                - stirling(sample - drawn)
                - stirling(population - marked - sample + drawn);
        return Math.exp(correction - deviance);
    }

    /** The probability that the sample holds so many or fewer; falls as the number of marked rows grows. */
    double atMost(long drawn) {
        if (drawn < least()) {
            return 0;
        }
        if (drawn >= most()) {
            return 1;
        }
        return drawn < mode() ? sumDownFrom(drawn) : 1 - sumUpFrom(drawn + 1);
    }

    /** The probability that the sample holds so many or more; rises as the number of marked rows grows. */
    double atLeast(long drawn) {
        if (drawn <= least()) {
            return 1;
        }
        if (drawn > most()) {
            return 0;
        }
        return drawn > mode() ? sumUpFrom(drawn) : 1 - sumDownFrom(drawn - 1);
    }

    private double mode() {
        return Math.floor((sample + 1.0) * (marked + 1.0) / (population + 2.0));
    }

    private double sumDownFrom(long drawn) {
        double term = of(drawn);
        double sum = term;
        for (long x = drawn; x > least() && term > sum * NEGLIGIBLE; x--) {
            term *= ((double) x / (marked - x + 1)) * ((double) (population - marked - sample + x) / (sample - x + 1));
            sum += term;
        }
        return sum;
    }

    private double sumUpFrom(long drawn) {
        double term = of(drawn);
        double sum = term;
        for (long x = drawn; x < most() && term > sum * NEGLIGIBLE; x++) {
            term *= ((double) (marked - x) / (x + 1))
                    * ((double) (sample - x) / (population - marked - sample + x + 1));
            sum += term;
        }
        return sum;
    }

    /** x ln(x/e) + e - x; the error is about that of one digit of |x - e|. */
    private static double deviance(long x, double expected) {
        if (x == 0) {
            return expected;
        }
        double excess = (expected - x) / x;
        return x * (excess - Math.log1p(excess));
    }

    /** ln n! - (n ln n - n), which is 0 for n = 0. */
    private static double stirling(long n) {
        if (n <= EXACT_UP_TO) {
            return SMALL[(int) n];
        }
        double square = (double) n * n;
        double series =
                (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 / square) / square) / square) / square)
                        / n;
        return series + Math.log(2 * Math.PI * n) / 2;
    }

    private static double[] small() {
        double[] values = new double[EXACT_UP_TO + 1];
        double factorial = 1;
        for (int n = 1; n <= EXACT_UP_TO; n++) {
            factorial *= n;
            values[n] = Math.log(factorial) - (n * Math.log(n) - n);
        }
        return values;
    }

    @Override
    public String toString() {
        return "Hypergeometric[" + sample + " of " + population + ", " + marked + " marked]";
    }
}
