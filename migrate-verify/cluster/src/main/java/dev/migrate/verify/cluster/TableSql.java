package dev.migrate.verify.cluster;

import dev.migrate.jdbc.JdbcRecords;
import dev.migrate.jdbc.JoiningDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one table of {@link RoomWork}; the same for both products, because a row is updated first and inserted where there was
 * none: what MariaDB has for both in one takes a seat of the same label for the same seat.
 *
 * @param row makes a value of a row
 * @param keyOf the key's columns of a value
 * @param valuesOf the other columns of a value
 */
record TableSql<K, V>(
        String table,
        List<String> keys,
        List<String> others,
        Function<K, List<Long>> columnsOf,
        Reading<V> row,
        Function<V, List<Long>> keyOf,
        Function<V, List<@Nullable Object>> valuesOf) {
    /** Makes a value of the row on which a result set stands. */
    interface Reading<V> {
        V of(ResultSet row) throws SQLException;
    }

    static List<@Nullable Object> values(@Nullable Object... values) {
        return Collections.unmodifiableList(Arrays.asList(values));
    }

    JdbcRecords<K, V> in(JoiningDataSource database) {
        return JdbcRecords.of(database, this::find, this::save, this::remove);
    }

    private String where() {
        return " WHERE " + keys.stream().map(key -> key + " = ?").collect(Collectors.joining(" AND "));
    }

    Optional<V> find(Connection connection, K key) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT * FROM " + table + where())) {
            bind(select, columnsOf.apply(key));
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(row.of(rows)) : Optional.empty();
            }
        }
    }

    /** Returns the row as it stands then, with what a trigger has made. */
    V save(Connection connection, V value) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>(valuesOf.apply(value));
        values.addAll(keyOf.apply(value));
        String columns = String.join(", ", others) + ", " + String.join(", ", keys);
        String marks = columns.replaceAll("\\w+", "?");
        String assigned = others.stream().map(column -> column + " = ?").collect(Collectors.joining(", "));
        if (execute(connection, "UPDATE " + table + " SET " + assigned + where(), values) == 0) {
            execute(connection, "INSERT INTO " + table + " (" + columns + ") VALUES (" + marks + ")", values);
        }
        List<V> saved =
                list(connection, where() + " ORDER BY 1", keyOf.apply(value).toArray());
        return saved.get(0);
    }

    void remove(Connection connection, K key) throws SQLException {
        execute(connection, "DELETE FROM " + table + where(), columnsOf.apply(key));
    }

    /** All rows that a condition names, such as {@code WHERE room = ?}. */
    List<V> list(Connection connection, String condition, Object... values) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT * FROM " + table + " " + condition)) {
            bind(select, List.of(values));
            List<V> found = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(row.of(rows));
                }
            }
            return found;
        }
    }

    /** Returns how many rows it has concerned. */
    static int execute(Connection connection, String sql, List<? extends @Nullable Object> values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            return statement.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, List<? extends @Nullable Object> values) throws SQLException {
        for (int at = 0; at < values.size(); at++) {
            @Nullable Object value = values.get(at);
            if (value == null || value instanceof LocalDateTime) {
                statement.setObject(at + 1, value, Types.TIMESTAMP);
            } else {
                statement.setObject(at + 1, value);
            }
        }
    }
}
