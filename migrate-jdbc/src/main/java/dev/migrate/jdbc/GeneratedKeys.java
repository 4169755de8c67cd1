package dev.migrate.jdbc;

import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** Moves the sequence behind a key column past every key that a table has; MariaDB does so by itself. */
final class GeneratedKeys {
    private GeneratedKeys() {}

    static void advance(Connection connection, TableReading.Found table) throws SQLException {
        for (Column column : table.shape().key()) {
            if (column.kind() == Kind.INTEGER) {
                if (table.dialect() instanceof PostgresTableDialect) {
                    advancePostgres(connection, table, column);
                } else if (table.dialect() instanceof H2TableDialect) {
                    advanceH2(connection, table, column);
                }
            }
        }
    }

    private static String quoted(TableReading.Found table, Column column) {
        return TableReading.quoted(column.name(), table.quote());
    }

    private static void advancePostgres(Connection connection, TableReading.Found table, Column column)
            throws SQLException {
        @Nullable String sequence;
        try (PreparedStatement select = connection.prepareStatement("SELECT pg_get_serial_sequence(?, ?)")) {
            select.setString(1, table.qualified());
            select.setString(2, column.name());
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                sequence = rows.getString(1);
            }
        }
        if (sequence == null) {
            return;
        }
        // nextval first: setval alone could put back what others have drawn meanwhile
        String name = quoted(table, column);
        try (PreparedStatement advance =
                connection.prepareStatement("SELECT setval(?::regclass, greatest(nextval(?::regclass),"
                        + " (SELECT max(" + name + ") FROM " + table.qualified() + ")))")) {
            advance.setString(1, sequence);
            advance.setString(2, sequence);
            advance.execute();
        }
    }

    private static void advanceH2(Connection connection, TableReading.Found table, Column column) throws SQLException {
        String name = quoted(table, column);
        long next;
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT IDENTITY_BASE FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = SCHEMA() AND TABLE_NAME = ?"
                        + " AND COLUMN_NAME = ? AND IS_IDENTITY = 'YES'")) {
            select.setString(1, table.shape().table());
            select.setString(2, column.name());
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next()) {
                    return;
                }
                next = rows.getLong(1);
            }
        }
        try (Statement statement = connection.createStatement()) {
            long last;
            try (ResultSet rows =
                    statement.executeQuery("SELECT COALESCE(MAX(" + name + "), 0) FROM " + table.qualified())) {
                rows.next();
                last = rows.getLong(1);
            }
            if (last >= next) {
                statement.execute(
                        "ALTER TABLE " + table.qualified() + " ALTER COLUMN " + name + " RESTART WITH " + (last + 1));
            }
        }
    }
}
