package dev.migrate.jdbc.decommission;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The statistics of MariaDB's {@code userstat}, which count rows. They do not say when they were reset, so the numbers of FLUSH statements, any
 * of which could have done it, and of TRUNCATE, which they do not count, are looked at for the whole server.
 */
final class MariaDbStatistics implements Statistics {
    private static final String BY_USERSTAT = """
            select coalesce(sum(rows_read), 0), coalesce(sum(rows_changed), 0)
              from information_schema.table_statistics where table_schema = ? and table_name = ?""";

    /** Both are of the moment at which the statement began, so that their difference stands still. */
    private static final String STARTED = "select unix_timestamp() - cast(variable_value as signed)"
            + " from information_schema.global_status where variable_name = 'UPTIME'";

    @Override
    public Reading read(Connection connection, List<String> tables) throws SQLException {
        if (one(connection, "select @@global.userstat") != 1) {
            throw new Unusable(
                    "MariaDB counts no accesses to tables, because userstat is off; set global userstat = 1 and"
                            + " begin anew");
        }
        Map<String, Reading.Counted> counted = new LinkedHashMap<>();
        for (String table : tables) {
            counted.put(table, counted(connection, table));
        }
        long started = one(connection, STARTED);
        return new Reading(
                "started " + started + ", " + status(connection, "Com_flush") + " FLUSH and "
                        + status(connection, "Com_truncate") + " TRUNCATE",
                counted);
    }

    private static Reading.Counted counted(Connection connection, String table) throws SQLException {
        int dot = table.indexOf('.');
        String schema = dot < 0 ? connection.getCatalog() : table.substring(0, dot);
        String name = table.substring(dot + 1);
        String identity = identity(connection, schema, name);
        if (identity.isEmpty()) {
            throw Statistics.noTable(table);
        }
        try (PreparedStatement select = connection.prepareStatement(BY_USERSTAT)) {
            select.setString(1, schema);
            select.setString(2, name);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new Reading.Counted(identity, new Touches(row.getLong(1), row.getLong(2)));
            }
        }
    }

    /** When the table was made, to the second; empty where there is none. */
    private static String identity(Connection connection, String schema, String name) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select create_time from information_schema.tables where table_schema = ? and table_name = ?")) {
            select.setString(1, schema);
            select.setString(2, name);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? "made " + row.getString(1) : "";
            }
        }
    }

    private static long one(Connection connection, String sql) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static long status(Connection connection, String name) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("show global status like '" + name + "'")) {
            row.next();
            return row.getLong(2);
        }
    }
}
