package dev.migrate.table;

import dev.migrate.MigrationException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of some columns of one row, by the columns' names in any case. Its text form shows no value.
 *
 * <p>The types of the values are those that {@link Column.Kind} says. Not to be changed.
 */
public final class Fields {
    /** Names of columns, shared by many rows. */
    public static final class Names {
        private final List<String> names;
        private final Map<String, Integer> positions = new HashMap<>();

        /** Names, in order. */
        public Names(List<String> names) {
            this.names = List.copyOf(names);
            for (String name : names) {
                positions.put(Shape.fold(name), positions.size());
            }
        }

        /** The names, in order. */
        public List<String> list() {
            return names;
        }

        int position(String name) {
            Integer exact = positions.get(name);
            Integer position = exact != null ? exact : positions.get(Shape.fold(name));
            if (position == null) {
                throw new MigrationException("there is no column '" + name + "' here; there are " + names);
            }
            return position;
        }
    }

    private final Names names;
    private final @Nullable Object[] values;

    /** Values in the order of the names; the array is not copied. */
    public Fields(Names names, @Nullable Object[] values) {
        this.names = names;
        this.values = values;
    }

    /** The names of the columns. */
    public List<String> names() {
        return names.list();
    }

    /** The value of a column; null where it is NULL. Refused where there is no such column. */
    public @Nullable Object get(String column) {
        return values[names.position(column)];
    }

    /** The value at a place, from 0, in the order of {@link #names}. */
    public @Nullable Object at(int place) {
        return values[place];
    }

    /** The text of a column; null where it is NULL. */
    public @Nullable String text(String column) {
        Object value = get(column);
        return value == null ? null : value.toString();
    }

    @Override
    public String toString() {
        return "Fields" + names.list();
    }
}
