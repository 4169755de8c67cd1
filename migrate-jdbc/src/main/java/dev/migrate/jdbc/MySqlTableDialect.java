package dev.migrate.jdbc;

import dev.migrate.table.Column.Kind;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tables of MySQL 8: MariaDB's, but for types that MariaDB has as text, what its own driver makes of columns with a default, and how that driver
 * streams.
 */
final class MySqlTableDialect extends MariaDbTableDialect {
    private static final String COMPUTED = "select column_name from information_schema.columns"
            + " where table_schema = ? and table_name = ? and coalesce(generation_expression, '') <> ''";
    private final boolean isConnectorJ;

    /** With the driver that some metadata is of. */
    MySqlTableDialect(DatabaseMetaData database) throws SQLException {
        this(database.getDriverName().startsWith("MySQL"));
    }

    MySqlTableDialect(boolean isConnectorJ) {
        this.isConnectorJ = isConnectorJ;
    }

    @Override
    public String product() {
        return "mysql";
    }

    @Override
    public boolean isTested() {
        return false;
    }

    @Override
    public Kind kind(int type, String name) {
        String plain = name.toLowerCase(Locale.ROOT);
        return switch (plain) {
            case "json" -> Kind.JSON;
            case "enum", "set" -> Kind.TEXT;
            case "geomcollection", "vector" -> Kind.UNSUPPORTED;
            default -> super.kind(type, name);
        };
    }

    /** The driver says {@code IS_GENERATEDCOLUMN} of every column with {@code DEFAULT_GENERATED}, too. */
    @Override
    public Set<String> computed(Connection connection, @Nullable String schema, String table) throws SQLException {
        Set<String> computed = new HashSet<>();
        try (PreparedStatement select = connection.prepareStatement(COMPUTED)) {
            select.setString(1, schema);
            select.setString(2, table);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    computed.add(rows.getString(1));
                }
            }
        }
        return computed;
    }

    /** As a text: a comparison with 0 is one that its strict mode may refuse. */
    @Override
    public String orNoMoment(String quoted) {
        return " OR CAST(" + quoted + " AS char) LIKE '0000-00-00%'";
    }

    /** Row by row: with any other size Connector/J holds the whole result, unless it uses cursors. */
    @Override
    public int fetchSize() {
        return isConnectorJ ? Integer.MIN_VALUE : super.fetchSize();
    }
}
