package dev.migrate.reconcile;

import dev.migrate.Side;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A row of which the two sides do not hold the same. Holds no value; its text form leaves out the key as well. Immutable.
 *
 * @param key the canonical key
 * @param kind what is wrong with the shadow's row
 * @param authoritative the side that was authoritative for the key
 * @param fields the columns that differ, by the shadow's names; empty unless the kind is {@link Kind#DIFFERENT}
 * @param hints for each of the fields the rule that would make its values equal; those without one are left out
 * @param reason why the target lacks the row, where a backfill has left it out: which rule of the target or which column of the mapping, without
 *     values; null where it was not left out
 */
public record Difference(
        String key,
        Kind kind,
        Side authoritative,
        List<String> fields,
        Map<String, Hint> hints,
        @Nullable String reason) {
    /** How the sides differ. */
    public enum Kind {
        /** Legacy has the row, the target does not. */
        MISSING_IN_TARGET,
        /** The target has the row, legacy does not. */
        EXTRA_IN_TARGET,
        /** Both have the row, and some fields differ. */
        DIFFERENT
    }

    /** Copies what it is given. */
    public Difference {
        fields = List.copyOf(fields);
        hints = Map.copyOf(hints);
    }

    /** A difference of which nothing more is known. */
    public Difference(String key, Kind kind, Side authoritative, List<String> fields) {
        this(key, kind, authoritative, fields, Map.of(), null);
    }

    /** Whether what differs is the same, whatever else is known of it. */
    public boolean isSameAs(Difference other) {
        return key.equals(other.key)
                && kind == other.kind
                && authoritative == other.authoritative
                && fields.equals(other.fields);
    }

    Difference because(@Nullable String why) {
        return new Difference(key, kind, authoritative, fields, hints, why);
    }

    @Override
    public String toString() {
        return "Difference[" + kind + (fields.isEmpty() ? "" : " in " + fields)
                + (hints.isEmpty() ? "" : ", hints=" + new TreeMap<>(hints)) + ", authoritative="
                + authoritative + (reason == null ? "" : ", because " + reason) + "]";
    }
}
