package dev.migrate.reconcile;

/**
 * How many rows of a population differ, as far as a sample of it that was drawn without replacement tells: an exact confidence interval.
 *
 * <p>A number of differing rows is left out where a sample as extreme as the one that was seen would have had a probability of at most
 * {@code tail} under it. That is the inversion of two one-sided tests (Clopper and Pearson: The Use of Confidence or Fiducial Limits
 * Illustrated in the Case of the Binomial, 1934) for a finite population (Buonaccorsi: A Note on Confidence Intervals for Proportions in
 * Finite Populations, 1987). Each end misses the true number with a probability of at most {@code tail}, whatever the number is, and
 * both together with at most twice that; nothing is approximated. Wilson's and other intervals that rely on a normal distribution keep
 * their promise on average only, and break it where few rows differ. Shorter exact intervals exist (Wang: Exact Optimal Confidence
 * Intervals for Hypergeometric Parameters, 2015), but not with a bound for each end, which a verdict needs.
 *
 * <p>Tails are monotone in the number of differing rows, so each end is found by bisection. A tail that equals the limit but for
 * rounding is taken to be above it, which can only widen the interval.
 *
 * @param least the fewest rows of the population that may differ
 * @param most the most rows of the population that may differ
 */
record HypergeometricInterval(long least, long most) {
    private static final double ROUNDING = 1 - 1e-9;

    /**
     * The interval for what was seen.
     *
     * @param population how many rows there are; not negative
     * @param sample how many of them were drawn; 0 to {@code population}
     * @param differing how many of the sample differ; 0 to {@code sample}
     * @param tail the probability with which each end may miss; above 0, and at most 0.5
     */
    static HypergeometricInterval of(long population, long sample, long differing, double tail) {
        return new HypergeometricInterval(
                least(population, sample, differing, tail), most(population, sample, differing, tail));
    }

    /** The lower end alone. */
    static long least(long population, long sample, long differing, double tail) {
        long low = differing;
        long high = population - sample + differing;
        while (low < high) {
            long middle = low + (high - low) / 2;
            if (new Hypergeometric(population, middle, sample).atLeast(differing) > tail * ROUNDING) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** The upper end alone. */
    static long most(long population, long sample, long differing, double tail) {
        long low = differing;
        long high = population - sample + differing;
        while (low < high) {
            long middle = high - (high - low) / 2;
            if (new Hypergeometric(population, middle, sample).atMost(differing) > tail * ROUNDING) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
