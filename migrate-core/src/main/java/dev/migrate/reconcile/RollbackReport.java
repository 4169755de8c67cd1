package dev.migrate.reconcile;

import java.util.List;

/**
 * Whether legacy holds what it must hold after a way back, and what exactly is shown of which rows. Holds no value. Immutable.
 *
 * @param verdict what is shown
 * @param rowsAsThen rows in parts of the table in which nothing is other than it was at the point; shown by their digests
 * @param rowsAsTarget rows in parts that were written since, each of which holds what the target holds, in the mapped columns; that a
 *     row among them which nobody has written is as it was at the point is not shown by itself
 * @param keys canonical keys whose rows are not the target's, in parts that were written since
 * @param changed parts that are other than they were at the point although no write of a key in them is known
 * @param reasons what stands against a proof, or against saying that it differs; for people
 */
public record RollbackReport(
        Verdict verdict,
        long rowsAsThen,
        long rowsAsTarget,
        List<String> keys,
        List<ChangedPart> changed,
        List<String> reasons) {
    /** What is shown. */
    public enum Verdict {
        /** Every row is as it was at the point, or as the target has it where it may have been written since. */
        PROVED,
        /** Some rows, or the schema, are not what they must be. */
        DIFFERS,
        /** It cannot be known, or not yet; {@link #reasons} says why. */
        NOT_PROVABLE
    }

    /**
     * A part of the keys, by their hash, in which something was changed past the library. Which of its keys it was, its digest cannot say.
     *
     * @param part from 0
     * @param parts how many there are
     * @param rowsThen how many rows it had at the point
     * @param rowsNow how many it has now
     */
    public record ChangedPart(int part, int parts, long rowsThen, long rowsNow) {}

    /** Copies what it is given. */
    public RollbackReport {
        keys = List.copyOf(keys);
        changed = List.copyOf(changed);
        reasons = List.copyOf(reasons);
    }

    /** Without a key. */
    @Override
    public String toString() {
        return "RollbackReport[" + verdict + ": " + rowsAsThen + " rows as at the point, " + rowsAsTarget
                + " rows as in the target, " + keys.size() + " keys and " + changed.size() + " parts that differ"
                + (reasons.isEmpty() ? "" : "; " + String.join("; ", reasons)) + "]";
    }
}
