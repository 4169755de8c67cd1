package dev.migrate.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * What the catalogue of PostgreSQL says of a table, as far as hashes of its rows depend on it.
 *
 * @param version the server's, as in {@code 180006}
 * @param encoding the one in which the server has its texts
 * @param columns by their names
 */
record PostgresCatalogue(int version, String encoding, Map<String, Column> columns) {
    /** A constraint that is not validated yet lets stand what was NULL before it. */
    private static final String NOT_NULL = "a.attnotnull AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint c"
            + " WHERE c.conrelid = a.attrelid AND c.contype = 'n' AND NOT c.convalidated AND a.attnum = ANY (c.conkey))";

    private static final String COLUMNS = "SELECT a.attname, CASE WHEN n.nspname = 'pg_catalog' THEN t.typname"
            + " ELSE n.nspname || '.' || t.typname END, a.atttypmod, " + NOT_NULL + ","
            + " current_setting('server_version_num')::int, current_setting('server_encoding')"
            + " FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
            + " WHERE a.attrelid = CAST(CAST(? AS text) AS regclass) AND a.attnum > 0 AND NOT a.attisdropped";

    /** Of a table that has parts, what was reckoned is of whenever somebody asked for it. */
    private static final String ROWS = "SELECT CASE WHEN relkind = 'r' THEN CAST(reltuples AS bigint) ELSE -1 END"
            + " FROM pg_catalog.pg_class WHERE oid = CAST(CAST(? AS text) AS regclass)";

    /**
     * A column.
     *
     * @param type its name, behind its schema's where that is not {@code pg_catalog}
     * @param modifier its length, precision and scale; -1 for none
     * @param isRequired whether it is never NULL
     */
    record Column(String type, int modifier, boolean isRequired) {
        boolean isLike(Column other) {
            return type.equals(other.type) && modifier == other.modifier;
        }
    }

    /** About how many rows a table has; below 1 where the server does not know, or where there was none. */
    static long rows(Connection connection, String qualified) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(ROWS)) {
            select.setString(1, qualified);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : -1;
            }
        }
    }

    /** Reads it; {@code qualified} is the table's name, quoted. */
    static PostgresCatalogue read(Connection connection, String qualified) throws SQLException {
        Map<String, Column> columns = new HashMap<>();
        int version = 0;
        String encoding = "";
        try (PreparedStatement select = connection.prepareStatement(COLUMNS)) {
            select.setString(1, qualified);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    columns.put(rows.getString(1), new Column(rows.getString(2), rows.getInt(3), rows.getBoolean(4)));
                    version = rows.getInt(5);
                    encoding = rows.getString(6);
                }
            }
        }
        return new PostgresCatalogue(version, encoding, Map.copyOf(columns));
    }
}
