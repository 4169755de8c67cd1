package dev.migrate.reconcile;

import dev.migrate.MigrationException;
import dev.migrate.reconcile.RowRange.Cursor;
import java.io.Serializable;
import java.util.List;

/**
 * What {@link RangedReconciliation#compare} saw in one range. No finding yet: {@link RangedReconciliation#report} looks at what is suspected again.
 *
 * <p>Immutable and serialisable. Its text form shows no key.
 *
 * @param range what was compared
 * @param rowsCompared how many rows were compared: those of legacy, and those that only the target has
 * @param clearedBySignature how many of them were cleared by a signature, and not read one by one
 * @param suspects the keys that differed at first sight, no more than {@code mostDifferences} of the reconciliation
 * @param beyond how many more there were
 */
public record RangeResult(
        RowRange range, long rowsCompared, long clearedBySignature, List<Cursor> suspects, long beyond)
        implements Serializable {
    /**
     * Copies the list.
     *
     * @throws MigrationException where a number is negative, or more rows were cleared than compared
     */
    public RangeResult {
        suspects = List.copyOf(suspects);
        if (rowsCompared < 0 || clearedBySignature < 0 || clearedBySignature > rowsCompared || beyond < 0) {
            throw new MigrationException(
                    "rows of a RangeResult must not be negative, and no more cleared than compared,"
                            + " but were " + rowsCompared + " compared, " + clearedBySignature + " cleared and "
                            + beyond
                            + " beyond; give report(..) what compare(..) has returned");
        }
    }

    @Override
    public String toString() {
        return "RangeResult[" + range + ": " + rowsCompared + " rows compared, " + clearedBySignature
                + " of them by signature, " + suspects.size() + " suspects, " + beyond + " beyond]";
    }
}
