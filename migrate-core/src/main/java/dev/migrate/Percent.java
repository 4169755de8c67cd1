package dev.migrate;

import java.math.BigDecimal;

/**
 * A percentage: the share of keys for which a flag is on, or a margin that a guard leaves.
 *
 * <p>Meant to be imported statically: {@code percent(25)}. Immutable.
 *
 * @param partsPerMillion 0 to 1,000,000; a part per million is 0.0001 percent
 */
public record Percent(int partsPerMillion) implements Comparable<Percent> {
    /** None. */
    public static final Percent ZERO = new Percent(0);

    /** All. */
    public static final Percent HUNDRED = new Percent(Position.BUCKETS);

    /** Checks the range. */
    public Percent {
        if (partsPerMillion < 0 || partsPerMillion > Position.BUCKETS) {
            throw new MigrationException("parts per million must be between 0 and 1000000, but were " + partsPerMillion
                    + "; 1000000 is all");
        }
    }

    /**
     * A percentage.
     *
     * @param percent 0 to 100, with at most four decimals
     * @throws MigrationException where it is anything else
     */
    public static Percent percent(double percent) {
        return new Percent(Position.partsPerMillion(percent));
    }

    /** As a fraction, 0 to 1. */
    public double fraction() {
        return partsPerMillion / (double) Position.BUCKETS;
    }

    @Override
    public int compareTo(Percent other) {
        return Integer.compare(partsPerMillion, other.partsPerMillion);
    }

    /** The text form, such as {@code 2.5 %}; {@link #parse} reads it. */
    @Override
    public String toString() {
        return BigDecimal.valueOf(partsPerMillion, 4).stripTrailingZeros().toPlainString() + " %";
    }

    /** Reads the text form that {@link #toString} gives; spaces do not matter. */
    public static Percent parse(String text) {
        String compact = text.replace(" ", "");
        try {
            if (!compact.endsWith("%")) {
                throw new IllegalArgumentException("no percent sign");
            }
            BigDecimal percent = new BigDecimal(compact.substring(0, compact.length() - 1));
            return new Percent(percent.movePointRight(4).intValueExact());
        } catch (IllegalArgumentException | ArithmeticException malformed) {
            throw new MigrationException("a percentage must read like 2.5 %, but was '" + text + "'", malformed);
        }
    }
}
