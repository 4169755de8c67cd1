package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.internal.CanonicalKeys;
import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import dev.migrate.table.Shape;
import dev.migrate.table.TableKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How the key of a table's row becomes the key that routers and journals know. */
final class TableKeys {
    private final String table;
    private final List<Column> columns;
    private final List<Class<?>> types;

    private final Set<String> folding;

    private TableKeys(String table, List<Column> columns, List<Class<?>> asked, Set<String> folding) {
        this.table = table;
        this.columns = columns;
        this.folding = folding;
        if (!asked.isEmpty() && asked.size() != columns.size()) {
            throw new MigrationException("keyAs of table '" + table + "' must name " + columns.size()
                    + " types, one for each column of the key, but named " + asked.size());
        }
        this.types = asked.isEmpty()
                ? columns.stream().<Class<?>>map(TableKeys::usual).toList()
                : List.copyOf(asked);
    }

    /**
     * The keys of a table.
     *
     * @param asked the types of the router's key; none for the usual ones
     */
    static TableKeys read(Connection connection, TableReading.Found table, List<Class<?>> asked) throws SQLException {
        Shape shape = table.shape();
        TableKeys keys = new TableKeys(shape.table(), shape.key(), asked, new HashSet<>());
        KeysetSql sql = new KeysetSql(table);
        for (int at = 0; at < keys.columns.size(); at++) {
            Column column = keys.columns.get(at);
            if (keys.isRead(at) && foldsCase(connection, sql.foldedCase(column))) {
                keys.folding.add(column.name());
            }
        }
        return keys;
    }

    private static boolean foldsCase(Connection connection, String probe) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(probe);
                ResultSet rows = select.executeQuery()) {
            return rows.next();
        }
    }

    /** Whether a column's text is read as a number or a UUID. */
    private boolean isRead(int at) {
        Kind kind = columns.get(at).kind();
        return types.get(at) != String.class && (kind == Kind.TEXT || kind == Kind.PADDED_TEXT);
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
            return routed(values, 0);
        }
        List<Object> all = new ArrayList<>(values.size());
        for (int at = 0; at < values.size(); at++) {
            all.add(routed(values, at));
        }
        return all;
    }

    private Object routed(List<Object> values, int at) {
        Object value = values.get(at);
        Object routed = routed(value, types.get(at));
        if (isRead(at) && value instanceof String text) {
            requireItsText(columns.get(at), text, routed);
        }
        return routed;
    }

    /** Two texts would be one key, and a row would not be found by the text that its key has on the other side. */
    private void requireItsText(Column column, String text, Object routed) {
        String usual = routed.toString();
        boolean isFound = text.equals(usual) || (folding.contains(column.name()) && text.equalsIgnoreCase(usual));
        if (!isFound) {
            throw new MigrationException("column '" + column.name()
                    + "' of the key has a text in some row that is not how a "
                    + routed.getClass().getSimpleName()
                    + " is written (digits without leading zeroes; a UUID in small letters with its hyphens), and the row"
                    + " would not be found by it; write the texts so, or take keys as String with keyAs(..)");
        }
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

    /** The key that routers and journals know by a text; refused where it would not be known by the same one again. */
    TableKey keyOf(String canonical) {
        TableKey key;
        try {
            Object routed = CanonicalKeys.decode(canonical);
            List<?> parts = columns.size() == 1 ? List.of(routed) : (List<?>) routed;
            List<Object> values = new ArrayList<>(columns.size());
            for (int at = 0; at < columns.size(); at++) {
                values.add(
                        Cells.parse(Cells.text(parts.get(at)), columns.get(at).kind()));
            }
            key = key(values);
        } catch (IllegalArgumentException | IndexOutOfBoundsException | ClassCastException | DateTimeException other) {
            throw otherKey(); // without its cause, whose message may show the key
        }
        if (!key.canonical().equals(canonical)) {
            throw otherKey();
        }
        return key;
    }

    private MigrationException otherKey() {
        return new MigrationException("a key in the journal or the ledger must be of the types "
                + types.stream().map(Class::getSimpleName).toList()
                + ", as table '" + table + "' has its keys, but is another; say with keyAs(..) as what the router knows"
                + " them, or name a column with ChangedRows.by(..)");
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
