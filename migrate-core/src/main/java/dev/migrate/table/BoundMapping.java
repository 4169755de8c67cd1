package dev.migrate.table;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A {@link Mapping} checked against two tables. Immutable and thread-safe. */
public final class BoundMapping {
    /**
     * A column of legacy and one of the target that hold the same value.
     *
     * @param legacy the one
     * @param target the other
     */
    public record Pair(Column legacy, Column target) {}

    private record Forward(Column target, Mapping.Derived rule) {}

    private final List<Pair> pairs;
    private final boolean[] isKey;
    private final List<Forward> derived;
    private final Fields.Names targetNames;
    private final Fields.Names legacyNames;
    private final List<Column> targetColumns;
    private final List<Column> legacyColumns;

    private BoundMapping(List<Pair> pairs, List<Forward> derived, Shape legacy) {
        this.pairs = List.copyOf(pairs);
        this.isKey = new boolean[pairs.size()];
        for (int place = 0; place < isKey.length; place++) {
            isKey[place] = legacy.isKey(pairs.get(place).legacy());
        }
        this.derived = List.copyOf(derived);
        List<Column> forward = new ArrayList<>(pairs.stream().map(Pair::target).toList());
        derived.forEach(column -> forward.add(column.target()));
        List<Column> backward = new ArrayList<>(pairs.stream().map(Pair::legacy).toList());
        derived.stream()
                .filter(column -> column.rule().back() != null)
                .forEach(column -> column.rule().legacy().forEach(name -> backward.add(legacy.column(name))));
        this.targetColumns = List.copyOf(forward);
        this.legacyColumns = List.copyOf(backward);
        this.targetNames = new Fields.Names(forward.stream().map(Column::name).toList());
        this.legacyNames = new Fields.Names(backward.stream().map(Column::name).toList());
    }

    static BoundMapping of(Mapping mapping, Shape legacy, Shape target) {
        Set<String> takenLegacy = new HashSet<>();
        Set<String> takenTarget = new HashSet<>();
        Map<String, Pair> pairs = new LinkedHashMap<>();
        for (Mapping.Rename rename : mapping.renames()) {
            Pair pair = new Pair(legacy.column(rename.legacy()), target.column(rename.target()));
            take(takenLegacy, pair.legacy(), legacy);
            take(takenTarget, pair.target(), target);
            pairs.put(Shape.fold(pair.target().name()), pair);
        }
        List<Forward> derived = new ArrayList<>();
        for (Mapping.Derived rule : mapping.derived()) {
            Column column = target.column(rule.target());
            take(takenTarget, column, target);
            derived.add(new Forward(column, rule));
            for (String from : rule.legacy()) {
                Column read = legacy.column(from);
                if (rule.back() != null) {
                    take(takenLegacy, read, legacy);
                }
            }
        }
        mapping.leftOut().forEach(name -> {
            takenLegacy.add(Shape.fold(name));
            takenTarget.add(Shape.fold(name));
        });
        for (Column column : target.columns()) {
            String name = Shape.fold(column.name());
            if (!takenTarget.contains(name) && !takenLegacy.contains(name)) {
                legacy.find(name).ifPresent(found -> pairs.put(name, new Pair(found, column)));
            }
        }
        pairs.values()
                .removeIf(pair -> pair.target().isComputed() || pair.legacy().isComputed());
        BoundMapping bound = new BoundMapping(new ArrayList<>(pairs.values()), derived, legacy);
        bound.check(legacy, target);
        bound.pairs.forEach(pair -> {
            requireSupported(pair.legacy(), legacy);
            requireSupported(pair.target(), target);
        });
        bound.derived.forEach(column -> {
            requireSupported(column.target(), target);
            column.rule().legacy().forEach(from -> requireSupported(legacy.column(from), legacy));
        });
        return bound;
    }

    private static void requireSupported(Column column, Shape shape) {
        if (column.kind() == Column.Kind.UNSUPPORTED) {
            throw new MigrationException("column '" + column.name() + "' of table '" + shape.table() + "' has the type "
                    + column.type()
                    + ", whose values cannot be copied and compared without loss; give it another type, or"
                    + " take it out of the mapping with leaveOut(\"" + column.name() + "\")");
        }
    }

    private static void take(Set<String> taken, Column column, Shape shape) {
        if (!taken.add(Shape.fold(column.name()))) {
            throw new MigrationException("column '" + column.name() + "' of table '" + shape.table()
                    + "' is mapped twice; say once what it corresponds to");
        }
        if (column.isComputed()) {
            throw new MigrationException("column '" + column.name() + "' of table '" + shape.table()
                    + "' is computed by the database and cannot be written; take it out of the mapping");
        }
    }

    private void check(Shape legacy, Shape target) {
        List<Column> expected = legacy.key().stream()
                .map(key -> pairs.stream()
                        .filter(pair -> pair.legacy().equals(key))
                        .findFirst()
                        .map(Pair::target)
                        .orElseThrow(() -> new MigrationException("column '" + key.name() + "' of the key of table '"
                                + legacy.table() + "' has no counterpart in table '" + target.table()
                                + "'; name it with rename(..)")))
                .toList();
        if (!expected.equals(target.key())) {
            throw new MigrationException("the key of table '" + target.table() + "' must be " + named(expected)
                    + " to correspond to that of '" + legacy.table() + "', but was " + named(target.key())
                    + "; say with key(..) which columns, in which order");
        }
        List<Column> missing = target.columns().stream()
                .filter(column -> column.isRequired() && !targetColumns.contains(column))
                .toList();
        if (!missing.isEmpty()) {
            throw new MigrationException("table '" + target.table() + "' needs a value for " + named(missing)
                    + ", to which nothing is mapped; rename(..) or derive(..) it, or give it a default");
        }
    }

    private static String named(List<Column> columns) {
        return columns.stream().map(Column::name).collect(Collectors.joining(", ", "(", ")"));
    }

    /** The columns that hold the same value on both sides. */
    public List<Pair> pairs() {
        return pairs;
    }

    /** Whether the column at a place in {@link #columns} belongs to the key; the place is the same on both sides. */
    public boolean isKey(int place) {
        return place < isKey.length && isKey[place];
    }

    /** Whether nothing is derived. */
    public boolean isPlain() {
        return derived.isEmpty();
    }

    /** The columns that are written on a side when it is copied to, in the order of what {@link #to} gives. */
    public List<Column> columns(Side side) {
        return side == Side.TARGET ? targetColumns : legacyColumns;
    }

    /** The column of the other side that a side's column, by its place in {@link #columns}, is copied from; null where it is derived. */
    public @Nullable Column counterpart(Side side, int place) {
        return place >= pairs.size()
                ? null
                : side == Side.TARGET
                        ? pairs.get(place).legacy()
                        : pairs.get(place).target();
    }

    /** The derived columns of the target that cannot be made from a row of legacy, because what makes them throws; none where all can. */
    public List<Column> failingFor(Fields legacy) {
        return derived.stream()
                .filter(column -> !isMade(column, legacy))
                .map(Forward::target)
                .toList();
    }

    private static boolean isMade(Forward column, Fields legacy) {
        try {
            column.rule().there().apply(legacy);
            return true;
        } catch (RuntimeException failure) {
            return false;
        }
    }

    /** The columns of legacy that a derived column of the target, by its place in {@link #columns}, is made from; none where it is a pair. */
    public List<String> madeFrom(int place) {
        return place < pairs.size()
                ? List.of()
                : derived.get(place - pairs.size()).rule().legacy();
    }

    /** What a side is to hold of a row of the other side, in the order of {@link #columns}. */
    public Fields to(Side side, Fields other) {
        return side == Side.TARGET ? there(other) : back(other);
    }

    private Fields there(Fields legacy) {
        @Nullable Object[] values = new @Nullable Object[targetColumns.size()];
        int place = 0;
        for (Pair pair : pairs) {
            values[place++] = legacy.get(pair.legacy().name());
        }
        for (Forward column : derived) {
            values[place++] = column.rule().there().apply(legacy);
        }
        return new Fields(targetNames, values);
    }

    private Fields back(Fields target) {
        @Nullable Object[] values = new @Nullable Object[legacyColumns.size()];
        int place = 0;
        for (Pair pair : pairs) {
            values[place++] = target.get(pair.target().name());
        }
        for (Forward column : derived) {
            var back = column.rule().back();
            if (back != null) {
                Map<String, ?> made = back.apply(target.get(column.target().name()));
                for (String name : column.rule().legacy()) {
                    if (!made.containsKey(name)) {
                        throw new MigrationException("the way back of derived column '"
                                + column.target().name() + "' gave no value for '" + name
                                + "'; it must give one for each"
                                + " column named in from(..)");
                    }
                    values[place++] = made.get(name);
                }
            }
        }
        return new Fields(legacyNames, values);
    }
}
