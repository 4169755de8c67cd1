package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import dev.migrate.table.Fields;
import dev.migrate.table.KeyRange;
import dev.migrate.table.Row;
import dev.migrate.table.Shape;
import dev.migrate.table.TableKey;
import dev.migrate.table.TableSide;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the rows of one table on a connection that it is given.
 *
 * <p>A database may take two keys for one: under a collation that folds letter case or trailing spaces, a condition on one of them also
 * meets the row of the other. So a row counts as that of a key only where its key is the same text.
 */
final class TableRows {
    private static final int KEYS_PER_STATEMENT = 500;
    private static final Set<Kind> FOLDED = Set.of(Kind.TEXT, Kind.PADDED_TEXT, Kind.OTHER);
    private final TableDialect dialect;
    private final Shape shape;
    private final KeysetSql sql;
    private final TableKeys keys;
    private final int[] keyPlaces;
    private final boolean mayFold;

    TableRows(TableReading.Found table, TableKeys keys) {
        this.dialect = table.dialect();
        this.shape = table.shape();
        this.sql = new KeysetSql(table);
        this.keys = keys;
        this.keyPlaces = shape.key().stream()
                .mapToInt(column -> shape.columns().indexOf(column))
                .toArray();
        this.mayFold = shape.key().stream().anyMatch(column -> FOLDED.contains(column.kind()));
    }

    KeysetSql sql() {
        return sql;
    }

    TableKeys keys() {
        return keys;
    }

    Optional<TableKey> last(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql.last());
                ResultSet rows = select.executeQuery()) {
            return rows.next() ? Optional.of(keys.read(rows, 1)) : Optional.empty();
        }
    }

    long count(Connection connection, KeyRange range) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql.count(range))) {
            sql.bind(select, 1, range);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    /** What PostgreSQL reckons since it has last analysed the table; counted where it has not, and elsewhere. */
    long about(Connection connection) throws SQLException {
        long reckoned = dialect.reckonsRows() ? PostgresCatalogue.rows(connection, sql.table()) : 0;
        return reckoned > 0 ? reckoned : count(connection, KeyRange.ALL);
    }

    Optional<TableKey> boundary(Connection connection, KeyRange range, int nth) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql.boundary(range))) {
            select.setInt(sql.bind(select, 1, range), nth - 1);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(keys.read(rows, 1)) : Optional.empty();
            }
        }
    }

    /** The key of every n-th row of a range. */
    List<TableKey> everyNth(Connection connection, KeyRange range, int nth) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql.everyNth(range))) {
            select.setInt(sql.bind(select, 1, range), nth);
            try (ResultSet rows = select.executeQuery()) {
                List<TableKey> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(keys.read(rows, 1));
                }
                return found;
            }
        }
    }

    void scan(Connection connection, KeyRange range, TableSide.Sink<Row> sink) throws Exception {
        try (PreparedStatement select = connection.prepareStatement(sql.select(shape.columns(), range))) {
            select.setFetchSize(dialect.fetchSize());
            sql.bind(select, 1, range);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    sink.accept(read(rows));
                }
            }
        }
    }

    void scanKeys(Connection connection, KeyRange range, TableSide.Sink<TableKey> sink) throws Exception {
        try (PreparedStatement select = connection.prepareStatement(sql.select(shape.key(), range))) {
            select.setFetchSize(dialect.fetchSize());
            sql.bind(select, 1, range);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    sink.accept(keys.read(rows, 1));
                }
            }
        }
    }

    boolean isEmpty(Connection connection, KeyRange range) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(sql.selectUnordered(shape.key(), range) + " LIMIT 1")) {
            sql.bind(select, 1, range);
            try (ResultSet rows = select.executeQuery()) {
                return !rows.next();
            }
        }
    }

    Map<String, Row> find(Connection connection, Collection<TableKey> wanted) throws SQLException {
        Map<String, Row> found = new HashMap<>();
        Set<String> texts = texts(wanted);
        for (List<TableKey> batch : batches(wanted)) {
            try (PreparedStatement select = connection.prepareStatement(sql.select(shape.columns(), batch.size()))) {
                bind(select, batch);
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        Row row = read(rows);
                        if (texts.contains(row.key().canonical())) {
                            found.put(row.key().canonical(), row);
                        }
                    }
                }
            }
        }
        return found;
    }

    /** The row of a key, locked to the end of the transaction; that of another key which the database takes for it is none. */
    Optional<Row> lock(Connection connection, TableKey key) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql.select(shape.columns(), 1) + " FOR UPDATE")) {
            sql.bind(select, 1, key);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next()
                        ? Optional.of(read(rows)).filter(row -> row.key().equals(key))
                        : Optional.empty();
            }
        }
    }

    /** Those of the keys that have a row. */
    Set<String> existing(Connection connection, Collection<TableKey> wanted) throws SQLException {
        Set<String> found = new HashSet<>();
        for (List<TableKey> batch : batches(wanted)) {
            try (PreparedStatement select = connection.prepareStatement(sql.select(shape.key(), batch.size()))) {
                bind(select, batch);
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        found.add(keys.read(rows, 1).canonical());
                    }
                }
            }
        }
        found.retainAll(texts(wanted));
        return found;
    }

    private static Set<String> texts(Collection<TableKey> keys) {
        return keys.stream().map(TableKey::canonical).collect(Collectors.toSet());
    }

    private boolean exists(Connection connection, TableKey key) throws SQLException {
        return !existing(connection, List.of(key)).isEmpty();
    }

    private void bind(PreparedStatement select, List<TableKey> batch) throws SQLException {
        int at = 1;
        for (TableKey key : batch) {
            at = sql.bind(select, at, key);
        }
    }

    private List<List<TableKey>> batches(Collection<TableKey> keys) {
        int most = Math.min(KEYS_PER_STATEMENT, dialect.mostParameters() / keyPlaces.length);
        List<TableKey> all = new ArrayList<>(keys);
        List<List<TableKey>> batches = new ArrayList<>();
        for (int from = 0; from < all.size(); from += most) {
            batches.add(all.subList(from, Math.min(all.size(), from + most)));
        }
        return batches;
    }

    private Row read(ResultSet rows) throws SQLException {
        List<Column> columns = shape.columns();
        @Nullable Object[] values = new @Nullable Object[columns.size()];
        for (int at = 0; at < values.length; at++) {
            values[at] = dialect.read(rows, at + 1, columns.get(at).kind());
        }
        List<Object> key = new ArrayList<>(keyPlaces.length);
        for (int place : keyPlaces) {
            key.add(java.util.Objects.requireNonNull(values[place]));
        }
        return new Row(keys.key(key), new Fields(shape.names(), values));
    }

    /** Overwrites the columns of a row, or inserts it. */
    void put(Connection connection, TableKey key, Fields fields) throws SQLException {
        List<Column> all = fields.names().stream().map(shape::column).toList();
        List<Column> others =
                all.stream().filter(column -> !shape.isKey(column)).toList();
        boolean mayUpdate = !others.isEmpty() && (!mayFold || exists(connection, key));
        if (mayUpdate && update(connection, key, fields, others)) {
            return;
        }
        if (others.isEmpty() && exists(connection, key)) {
            return;
        }
        insert(connection, fields);
    }

    void insert(Connection connection, Fields fields) throws SQLException {
        List<Column> all = fields.names().stream().map(shape::column).toList();
        try (PreparedStatement insert = connection.prepareStatement(sql.insert(all))) {
            bind(insert, fields, all, dialect);
            insert.executeUpdate();
        }
    }

    private boolean update(Connection connection, TableKey key, Fields fields, List<Column> columns)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql.update(columns))) {
            int at = 1;
            for (Column column : columns) {
                bind(update, at++, fields.get(column.name()), column, dialect);
            }
            sql.bind(update, at, key);
            return update.executeUpdate() > 0;
        }
    }

    void remove(Connection connection, TableKey key) throws SQLException {
        if (mayFold && !exists(connection, key)) {
            return;
        }
        try (PreparedStatement delete = connection.prepareStatement(sql.delete())) {
            sql.bind(delete, 1, key);
            delete.executeUpdate();
        }
    }

    static void bind(PreparedStatement insert, Fields fields, List<Column> columns, TableDialect dialect)
            throws SQLException {
        for (int at = 0; at < columns.size(); at++) {
            bind(insert, at + 1, fields.at(at), columns.get(at), dialect);
        }
    }

    private static void bind(
            PreparedStatement statement, int at, @Nullable Object value, Column column, TableDialect dialect)
            throws SQLException {
        try {
            dialect.bind(statement, at, value, column);
        } catch (MigrationException | ArithmeticException | IllegalArgumentException unfit) {
            throw new UnfitValue(value, column, unfit);
        }
    }
}
