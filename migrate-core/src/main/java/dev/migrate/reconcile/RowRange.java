package dev.migrate.reconcile;

import dev.migrate.Side;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A range of keys that one call of {@link RangedReconciliation#compare} compares, on any node; made by {@link RangedReconciliation#plan}.
 *
 * <p>Immutable and serialisable. Its text form shows no key.
 *
 * @param plan the plan that it is of
 * @param subject the migration's name and that of the records
 * @param number from 1, in the order of the plan
 * @param side whose keys these are: legacy's, or, where only the target may have rows or orders its keys otherwise, the target's
 * @param isAlike whether both databases put keys into the same order
 * @param after the key before the first; null for no bound
 * @param upTo the last key
 */
public record RowRange(
        String plan,
        String subject,
        int number,
        Side side,
        boolean isAlike,
        @Nullable Cursor after,
        Cursor upTo) implements Serializable {
    /**
     * A key as text, exact whatever its type. It is data, which its text form does not show.
     *
     * @param side whose table has written it
     * @param text as of {@link dev.migrate.table.TableSide#formatCursor}
     */
    public record Cursor(Side side, String text) implements Serializable {
        @Override
        public String toString() {
            return "Cursor[" + side + "]";
        }
    }

    @Override
    public String toString() {
        return "RowRange[" + subject + ": " + number + ", keys of " + side + "]";
    }
}
