package dev.migrate.reconcile;

import java.util.function.LongPredicate;

/** Hypergeometric probabilities by a table of factorials, independent of what is tested. */
final class ExactProbabilities {
    private static final double NEGLIGIBLE = 1e-15;
    private final double[] logFactorials;

    ExactProbabilities(int largest) {
        logFactorials = new double[largest + 1];
        double lost = 0;
        for (int n = 2; n <= largest; n++) {
            double term = Math.log(n) - lost;
            double sum = logFactorials[n - 1] + term;
            lost = (sum - logFactorials[n - 1]) - term;
            logFactorials[n] = sum;
        }
    }

    double of(int population, int marked, int sample, int drawn) {
        if (drawn < 0 || drawn > marked || drawn > sample || sample - drawn > population - marked) {
            return 0;
        }
        return Math.exp(logChoose(marked, drawn)
                + logChoose(population - marked, sample - drawn)
                - logChoose(population, sample));
    }

    private double logChoose(int from, int chosen) {
        return logFactorials[from] - logFactorials[chosen] - logFactorials[from - chosen];
    }

    /** The sum over all that a sample may hold and for which something is true; what has no weight is left out. */
    double sum(int population, int marked, int sample, LongPredicate isTrue) {
        int mode = (int) ((sample + 1L) * (marked + 1L) / (population + 2L));
        double sum = 0;
        for (int drawn = mode; drawn <= Math.min(marked, sample); drawn++) {
            double each = of(population, marked, sample, drawn);
            sum += each > NEGLIGIBLE && isTrue.test(drawn) ? each : 0;
            if (each <= NEGLIGIBLE && drawn > mode) {
                break;
            }
        }
        for (int drawn = mode - 1; drawn >= 0; drawn--) {
            double each = of(population, marked, sample, drawn);
            sum += each > NEGLIGIBLE && isTrue.test(drawn) ? each : 0;
            if (each <= NEGLIGIBLE) {
                break;
            }
        }
        return sum;
    }
}
