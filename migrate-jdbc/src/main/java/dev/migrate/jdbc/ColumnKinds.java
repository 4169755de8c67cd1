package dev.migrate.jdbc;

import dev.migrate.table.Column.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How the values of a table's columns are carried, where the name of a type does not say: domains of PostgreSQL, JSON of MariaDB. */
final class ColumnKinds {
    private static final String JSON_CHECKS = "SELECT CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS"
            + " WHERE CONSTRAINT_SCHEMA = ? AND TABLE_NAME = ?";
    private final Connection connection;
    private final TableDialect dialect;
    private final @Nullable String schema;
    private final String table;
    private final String qualified;
    private @Nullable Set<String> json;

    /** Of a table by its name and its qualified one, which is quoted. */
    ColumnKinds(Connection connection, TableDialect dialect, @Nullable String schema, String table, String qualified) {
        this.connection = connection;
        this.dialect = dialect;
        this.schema = schema;
        this.table = table;
        this.qualified = qualified;
    }

    /** The columns that are computed, where the driver does not say so; else null. */
    @Nullable Set<String> computed() throws SQLException {
        return dialect.computed(connection, schema, table);
    }

    Kind of(String column, int sqlType, String type, int size, int scale) throws SQLException {
        if (dialect instanceof PostgresTableDialect && sqlType == Types.DISTINCT) {
            return ofDomain(column);
        }
        boolean isLongText = dialect.product().equals("mariadb")
                && type.toLowerCase(Locale.ROOT).startsWith("longtext");
        return isLongText && json().contains("json_valid(" + TableReading.quoted(column, "`") + ")")
                ? Kind.JSON
                : dialect.kind(sqlType, type, size, scale);
    }

    /** What a query gives is of the type that the domain is made of, also where it is made of another domain. */
    private Kind ofDomain(String column) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT " + TableReading.quoted(column, "\"") + " FROM " + qualified + " LIMIT 0");
                ResultSet rows = select.executeQuery()) {
            ResultSetMetaData found = rows.getMetaData();
            return dialect.kind(found.getColumnType(1), found.getColumnTypeName(1));
        }
    }

    /** The checks that make JSON of a text, as MariaDB writes them. */
    private Set<String> json() throws SQLException {
        Set<String> known = json;
        if (known == null) {
            known = new HashSet<>();
            json = known;
            try (PreparedStatement select = connection.prepareStatement(JSON_CHECKS)) {
                select.setString(1, schema);
                select.setString(2, table);
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        known.add(rows.getString(1));
                    }
                }
            }
        }
        return known;
    }
}
