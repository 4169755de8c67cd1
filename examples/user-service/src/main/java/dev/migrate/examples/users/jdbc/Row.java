package dev.migrate.examples.users.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The columns of a row that a statement sets; the others keep their value, or get their default. */
public final class Row {

    private final Map<String, @Nullable Object> columns = new LinkedHashMap<>();

    public Row set(String column, @Nullable Object value) {
        columns.put(column, value);
        return this;
    }

    /** Leaves a column without a value to the database. */
    public Row setIfPresent(String column, @Nullable Object value) {
        return value == null ? this : set(column, value);
    }

    /** Inserts the row; returns false if one of its unique values is taken. */
    boolean insertInto(Connection connection, String table) throws SQLException {
        return Sql.update(connection, insert(table) + " on conflict do nothing", values()) == 1;
    }

    /** Inserts the row, or updates the one that has the same value in {@code key}. */
    void upsertInto(Connection connection, String table, String key) throws SQLException {
        List<String> changes = columns.keySet().stream()
                .filter(column -> !column.equals(key))
                .map(column -> column + " = excluded." + column)
                .toList();
        Sql.update(
                connection,
                insert(table) + " on conflict (" + key + ") do update set " + String.join(", ", changes),
                values());
    }

    private String insert(String table) {
        return "insert into " + table + " (" + String.join(", ", columns.keySet()) + ") values ("
                + "?, ".repeat(columns.size() - 1) + "?)";
    }

    private List<@Nullable Object> values() {
        return new ArrayList<>(columns.values());
    }
}
