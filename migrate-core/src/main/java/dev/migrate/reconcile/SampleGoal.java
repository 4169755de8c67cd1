package dev.migrate.reconcile;

import dev.migrate.MigrationException;
import dev.migrate.Percent;
import java.util.OptionalLong;

/**
 * What a sample is to show: that fewer than a given share of the rows differ.
 *
 * <p>Start with {@link #fewerThan}. The lower the share, the more rows it takes: about 64,000 for 0.01 % with a confidence of 99 %, and
 * 7,000 for 0.1 %, however large the table is, where none of them differs; more where some do.
 *
 * <pre>{@code
 * SampleGoal goal = SampleGoal.fewerThan(percent(0.01)).confidence(percent(99));
 * }</pre>
 *
 * <p>Immutable and thread-safe: every option gives another goal.
 */
public final class SampleGoal {
    private static final int MOST_ROWS = 1_000_000;
    private static final Percent DEFAULT_CONFIDENCE = Percent.percent(99);
    private static final Percent LEAST_CONFIDENCE = Percent.percent(50);
    private final Percent rate;
    private final Percent confidence;
    private final int mostRows;
    private final OptionalLong seed;

    private SampleGoal(Percent rate, Percent confidence, int mostRows, OptionalLong seed) {
        this.rate = rate;
        this.confidence = confidence;
        this.mostRows = mostRows;
        this.seed = seed;
    }

    /**
     * To show that fewer rows differ than a share of them.
     *
     * @param rate above 0 % and below 100 %
     * @throws MigrationException where it is anything else
     */
    public static SampleGoal fewerThan(Percent rate) {
        if (rate.equals(Percent.ZERO) || rate.equals(Percent.HUNDRED)) {
            throw new MigrationException("fewerThan must be above 0 % and below 100 %, but was " + rate
                    + "; no sample can show that no row differs: use Reconciliation.run() for that");
        }
        return new SampleGoal(rate, DEFAULT_CONFIDENCE, 256_000, OptionalLong.empty());
    }

    /**
     * How often, at least, verdicts are right that are reached in this way. It covers the verdicts on both sides and every look at a
     * growing sample together; the interval of each side holds as often.
     *
     * @param confidence at least 50 %, and below 100 %; default: 99 %
     * @throws MigrationException where it is anything else
     */
    public SampleGoal confidence(Percent confidence) {
        if (confidence.compareTo(LEAST_CONFIDENCE) < 0 || confidence.equals(Percent.HUNDRED)) {
            throw new MigrationException(
                    "confidence must be at least 50 % and below 100 %, but was " + confidence
                            + "; only a comparison of all rows is certain: use Reconciliation.run() for that, or give 99 % or 99.9 %");
        }
        return new SampleGoal(rate, confidence, mostRows, seed);
    }

    /**
     * How many rows of a side are looked at before the answer is left open. So many keys of each side are held, of about 150 bytes each
     * where they are short.
     *
     * @param mostRows 1 to 1,000,000; default: 256,000
     * @throws MigrationException where it is anything else
     */
    public SampleGoal mostRows(int mostRows) {
        if (mostRows < 1 || mostRows > MOST_ROWS) {
            throw new MigrationException("mostRows must be between 1 and " + MOST_ROWS + ", but was " + mostRows
                    + "; compare larger parts of a table with Reconciliation.run()");
        }
        return new SampleGoal(rate, confidence, mostRows, seed);
    }

    /**
     * What the choice of rows depends on, besides their keys: with the seed of a {@link SampleReport}, the same rows are chosen again from
     * the same keys. Not to be used to see whether a repair has helped: a sample whose rows were looked at and repaired says nothing about
     * the others. Default: another one at each run.
     */
    public SampleGoal seed(long seed) {
        return new SampleGoal(rate, confidence, mostRows, OptionalLong.of(seed));
    }

    Percent rate() {
        return rate;
    }

    Percent confidence() {
        return confidence;
    }

    int mostRows() {
        return mostRows;
    }

    OptionalLong seed() {
        return seed;
    }

    /** Such as {@code fewer than 0.01 %, 99 % confidence}. */
    @Override
    public String toString() {
        return "fewer than " + rate + ", " + confidence + " confidence";
    }
}
