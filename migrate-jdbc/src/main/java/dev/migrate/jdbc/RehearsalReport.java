package dev.migrate.jdbc;

import dev.migrate.Side;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a {@link CopyRehearsal} has found.
 *
 * @param table the shadow's table
 * @param side which side it is
 * @param writes how many writes were rehearsed: an update and an insert for each row
 * @param refused how many of them a constraint of the table refused, so that they tell nothing
 * @param changes the columns that the database changes, in the table's order
 * @param triggers the triggers of the table, by name, with when they fire; not the library's own
 */
public record RehearsalReport(
        String table, Side side, long writes, long refused, List<Change> changes, List<String> triggers) {
    /** Copies the lists. */
    public RehearsalReport {
        changes = List.copyOf(changes);
        triggers = List.copyOf(triggers);
    }

    /**
     * A column whose value in a copied row is not the one that was copied.
     *
     * @param column its name
     * @param onInsert whether where the row is inserted
     * @param onUpdate whether where it is updated
     */
    public record Change(String column, boolean onInsert, boolean onUpdate) {
        @Override
        public String toString() {
            return "'" + column + "' on " + (onInsert ? onUpdate ? "insert and update" : "insert" : "update");
        }
    }

    /** Whether at least one write was rehearsed and no column was changed. */
    public boolean isClean() {
        return changes.isEmpty() && writes > refused;
    }

    @Override
    public String toString() {
        if (writes == refused) {
            return "no write of table '" + table + "' of the " + side + " side could be rehearsed, of " + writes
                    + " that were tried; it needs rows";
        }
        if (changes.isEmpty()) {
            return (writes - refused) + " writes of table '" + table + "' of the " + side
                    + " side were rehearsed, and each row stood as it was copied";
        }
        return "table '" + table + "' of the " + side + " side changes rows that are copied: column "
                + changes.stream().map(Change::toString).collect(Collectors.joining(", column "))
                + (triggers.isEmpty() ? "; it has no trigger" : "; its triggers are " + String.join(", ", triggers))
                + "; let what does so leave the library's copies alone (CopyRehearsal tells how), or leave the column out of"
                + " the mapping";
    }
}
