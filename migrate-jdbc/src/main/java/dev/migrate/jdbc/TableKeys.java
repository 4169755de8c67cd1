package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.internal.CanonicalKeys;
import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import dev.migrate.table.TableKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How the key of a table's row becomes the key that routers and journals know. */
final class TableKeys {
    private final List<Column> columns;
    private final List<Class<?>> types;

    TableKeys(String table, List<Column> columns, List<Class<?>> asked) {
        this.columns = columns;
        if (!asked.isEmpty() && asked.size() != columns.size()) {
            throw new MigrationException("keyAs of table '" + table + "' must name " + columns.size()
                    + " types, one for each column of the key, but named " + asked.size());
        }
        this.types = asked.isEmpty()
                ? columns.stream().<Class<?>>map(TableKeys::usual).toList()
                : List.copyOf(asked);
    }

    private static Class<?> usual(Column column) {
        return column.kind() == Kind.INTEGER ? Long.class : column.kind() == Kind.UUID ? UUID.class : String.class;
    }

    List<Class<?>> types() {
        return types;
    }

    TableKey read(ResultSet row, int from) throws SQLException {
        List<Object> values = new ArrayList<>(columns.size());
        for (int at = 0; at < columns.size(); at++) {
            values.add(notNull(Cells.read(row, from + at, columns.get(at).kind()), columns.get(at)));
        }
        return key(values);
    }

    TableKey key(List<Object> values) {
        return new TableKey(values, CanonicalKeys.encode(routed(values)));
    }

    /** The key as a router knows it: its one column's value, or the list of its columns' values. */
    Object routed(List<Object> values) {
        if (values.size() == 1) {
            return routed(values.get(0), types.get(0));
        }
        List<Object> all = new ArrayList<>(values.size());
        for (int at = 0; at < values.size(); at++) {
            all.add(routed(values.get(at), types.get(at)));
        }
        return all;
    }

    private static Object routed(Object value, Class<?> type) {
        if (type == Long.class) {
            return notNull(Cells.convert(value, Kind.INTEGER));
        }
        if (type == Integer.class) {
            return Math.toIntExact((Long) notNull(Cells.convert(value, Kind.INTEGER)));
        }
        if (type == UUID.class) {
            return notNull(Cells.convert(value, Kind.UUID));
        }
        return Cells.text(value);
    }

    String format(TableKey key) {
        return CanonicalKeys.encode(key.values().stream().map(Cells::text).toList());
    }

    TableKey parse(String text) {
        List<?> texts = (List<?>) CanonicalKeys.decode(text);
        List<Object> values = new ArrayList<>(texts.size());
        for (int at = 0; at < texts.size(); at++) {
            values.add(Cells.parse((String) texts.get(at), columns.get(at).kind()));
        }
        return key(values);
    }

    private static Object notNull(@Nullable Object value, Column column) {
        if (value == null) {
            throw new MigrationException(
                    "column '" + column.name() + "' of the key is NULL in some row; a key must have a value in each");
        }
        return value;
    }

    private static Object notNull(@Nullable Object value) {
        return java.util.Objects.requireNonNull(value);
    }
}
