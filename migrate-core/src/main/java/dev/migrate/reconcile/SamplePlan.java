package dev.migrate.reconcile;

import dev.migrate.MigrationException;
import dev.migrate.Percent;
import dev.migrate.reconcile.SampleReport.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * At which sizes a growing sample of one side is looked at, and what may be concluded at each.
 *
 * <p><b>Looks.</b> Whoever looks again and again, and stops at the first look that pleases, is wrong far more often than a single look
 * would be. So the looks are few and fixed before the first row is read, and what may go wrong is divided among them in equal parts
 * (Bonferroni): whichever of them ends the sample, all of their intervals hold together with the wanted confidence. The first is where a
 * sample without any difference is enough for once; each further is twice as large, the last at the limit. Doubling makes it few looks, so
 * little is lost: to see nothing at the first of three takes 1.2 times the rows of a single look.
 *
 * <p><b>Both sides.</b> Each end of an interval misses with half of that. Of a side that keeps the goal only a refutation can be wrong, and
 * of one that breaks it only a proof; either needs one end to miss. So the verdicts on both sides are right together with the wanted
 * confidence, whatever the two samples have to do with each other.
 *
 * <p>Immutable.
 */
final class SamplePlan {
    private static final long ALL = Percent.HUNDRED.partsPerMillion();
    private final long population;
    private final long tooMany;
    private final double tail;
    private final List<Integer> sizes;

    private SamplePlan(long population, long tooMany, double tail, List<Integer> sizes) {
        this.population = population;
        this.tooMany = tooMany;
        this.tail = tail;
        this.sizes = sizes;
    }

    /**
     * A plan.
     *
     * @param population how many rows the side has; 0 to 1,000,000,000,000
     * @param table the table's name, for the error
     * @throws MigrationException where even a sample without a difference would prove nothing at the goal's limit
     */
    static SamplePlan of(SampleGoal goal, long population, String table) {
        int limit = (int) Math.min(goal.mostRows(), population);
        long tooMany = Math.max(1, (goal.rate().partsPerMillion() * population + ALL - 1) / ALL);
        double miss = (double) (ALL - goal.confidence().partsPerMillion()) / ALL / 2;
        if (population == 0) {
            return new SamplePlan(0, tooMany, miss, List.of(0));
        }
        long enough = enough(population, tooMany, miss);
        if (enough > limit) {
            throw new MigrationException(
                    "mostRows must be at least " + enough + " to show that fewer than " + goal.rate()
                            + " of the " + population + " rows of '" + table + "' differ, with a confidence of "
                            + goal.confidence() + ", but was " + goal.mostRows()
                            + "; raise it, ask for a higher rate or less confidence, or compare all rows with Reconciliation.run()");
        }
        int looks = 1;
        while (enough(population, tooMany, miss / (looks + 1)) << looks <= limit) {
            looks++;
        }
        double tail = miss / looks;
        long first = enough(population, tooMany, tail);
        List<Integer> sizes = new ArrayList<>(looks);
        for (int look = 0; look < looks - 1; look++) {
            sizes.add((int) (first << look));
        }
        sizes.add(limit);
        return new SamplePlan(population, tooMany, tail, List.copyOf(sizes));
    }

    /** The smallest sample that, without a difference, leaves less than the tail to a population that breaks the goal. */
    private static long enough(long population, long tooMany, double tail) {
        long low = 1;
        long high = population;
        while (low < high) {
            long middle = low + (high - low) / 2;
            if (HypergeometricInterval.most(population, middle, 0, tail) < tooMany) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** How many rows have been drawn at each look; rising. */
    List<Integer> sizes() {
        return sizes;
    }

    /**
     * What a look tells of all rows.
     *
     * @param size one of {@link #sizes}
     * @param differing how many of them differ
     * @param unsettled how many more may
     */
    HypergeometricInterval interval(int size, int differing, int unsettled) {
        return new HypergeometricInterval(
                HypergeometricInterval.least(population, size, differing, tail),
                HypergeometricInterval.most(population, size, (long) differing + unsettled, tail));
    }

    Verdict verdict(HypergeometricInterval interval) {
        if (interval.most() < tooMany) {
            return Verdict.PROVED;
        }
        return interval.least() >= tooMany ? Verdict.REFUTED : Verdict.NOT_PROVED;
    }

    @Override
    public String toString() {
        return "SamplePlan[" + sizes + " of " + population + "]";
    }
}
