package dev.migrate;

/**
 * The version of an owed write, by which a shadow refuses what is older than what it has.
 *
 * <p>Compared by epoch first: a sequence may go back when a database is restored, an epoch never does. Never made from a clock.
 *
 * @param epoch 1 or more; raised whenever authority moves; 0 in {@link #NONE} alone
 * @param sequence drawn from the authoritative side's own sequence
 */
public record Version(long epoch, long sequence) implements Comparable<Version> {
    /** Before every version: what a row has that only a backfill has touched. */
    public static final Version NONE = new Version(0, 0);

    @Override
    public int compareTo(Version other) {
        int byEpoch = Long.compare(epoch, other.epoch);
        return byEpoch != 0 ? byEpoch : Long.compare(sequence, other.sequence);
    }

    /** Whether this version is later than another. */
    public boolean isAfter(Version other) {
        return compareTo(other) > 0;
    }
}
