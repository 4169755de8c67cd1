package dev.migrate.reconcile;

import dev.migrate.Side;
import dev.migrate.table.BoundMapping;
import dev.migrate.table.Column;
import dev.migrate.table.Fields;
import dev.migrate.table.Row;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the two sides hold of one key.
 *
 * @param legacy legacy's row; null where there is none
 * @param target the target's row; null where there is none
 */
record RowPair(@Nullable Row legacy, @Nullable Row target) {

    @Nullable Row on(Side side) {
        return side == Side.LEGACY ? legacy : target;
    }

    /** How they differ, judged by what the authoritative side would be copied as; empty where they do not. */
    Optional<Difference> difference(String key, BoundMapping mapping, Side authoritative) {
        if (legacy == null || target == null) {
            return legacy == null && target == null
                    ? Optional.empty()
                    : Optional.of(new Difference(
                            key,
                            target == null ? Difference.Kind.MISSING_IN_TARGET : Difference.Kind.EXTRA_IN_TARGET,
                            authoritative,
                            List.of()));
        }
        Map<String, Optional<Hint>> fields = authoritative == Side.LEGACY
                ? differing(mapping, Side.TARGET, legacy.fields(), target.fields())
                : differing(mapping, Side.LEGACY, target.fields(), legacy.fields());
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Hint> hints = new HashMap<>();
        fields.forEach((field, found) -> found.ifPresent(hint -> hints.put(field, hint)));
        return Optional.of(new Difference(
                key, Difference.Kind.DIFFERENT, authoritative, List.copyOf(fields.keySet()), hints, null));
    }

    /** Without the key's columns: both rows have the same key, be it a number on one side and its text on the other. */
    private static Map<String, Optional<Hint>> differing(
            BoundMapping mapping, Side shadow, Fields authoritative, Fields held) {
        Fields expected;
        try {
            expected = mapping.to(shadow, authoritative);
        } catch (RuntimeException thrown) {
            return cannotBeMade(mapping, shadow, authoritative, thrown);
        }
        List<Column> columns = mapping.columns(shadow);
        Map<String, Optional<Hint>> differing = new LinkedHashMap<>(0);
        for (int place = 0; place < columns.size(); place++) {
            Column column = columns.get(place);
            Column counterpart = mapping.counterpart(shadow, place);
            Object other = held.get(column.name());
            boolean isSame = mapping.isKey(place) || Values.same(expected.at(place), counterpart, other, column);
            if (!isSame) {
                differing.put(column.name(), Hints.of(expected.at(place), counterpart, other, column));
            }
        }
        return differing;
    }

    /** A row that the application's own mapping makes nothing of: nobody can say that the target's is what it would be. */
    private static Map<String, Optional<Hint>> cannotBeMade(
            BoundMapping mapping, Side shadow, Fields authoritative, RuntimeException thrown) {
        List<Column> failing = shadow == Side.TARGET ? mapping.failingFor(authoritative) : List.of();
        if (failing.isEmpty()) {
            throw thrown;
        }
        Map<String, Optional<Hint>> differing = new LinkedHashMap<>();
        failing.forEach(column -> differing.put(column.name(), Optional.empty()));
        return differing;
    }

    /** Whether a side's row is the same, value by value, in another pair. */
    boolean isUnchanged(Side side, RowPair other) {
        return isUnchanged(side, other.on(side));
    }

    /** Whether a side's row is the same as another, value by value; null stands for no row. */
    boolean isUnchanged(Side side, @Nullable Row two) {
        Row one = on(side);
        if (one == null || two == null) {
            return one == null && two == null;
        }
        for (int place = 0; place < one.fields().names().size(); place++) {
            if (!Values.same(one.fields().at(place), null, two.fields().at(place), null)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return "RowPair[legacy=" + (legacy != null) + ", target=" + (target != null) + "]";
    }
}
