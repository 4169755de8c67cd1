package dev.migrate.reconcile;

import dev.migrate.Side;
import java.util.List;

/**
 * A row of which the two sides do not hold the same. Holds no value; its text form leaves out the key as well.
 *
 * @param key the canonical key
 * @param kind what is wrong with the shadow's row
 * @param authoritative the side that was authoritative for the key
 * @param fields the columns that differ, by the shadow's names; empty unless the kind is {@link Kind#DIFFERENT}
 */
public record Difference(String key, Kind kind, Side authoritative, List<String> fields) {
    /** How the sides differ. */
    public enum Kind {
        /** Legacy has the row, the target does not. */
        MISSING_IN_TARGET,
        /** The target has the row, legacy does not. */
        EXTRA_IN_TARGET,
        /** Both have the row, and some fields differ. */
        DIFFERENT
    }

    @Override
    public String toString() {
        return "Difference[" + kind + (fields.isEmpty() ? "" : " in " + fields) + ", authoritative=" + authoritative
                + "]";
    }
}
