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
 * The statistics of MariaDB: those of {@code userstat}, which count rows, or else those of the performance schema, which count calls of the
 * storage engine. Neither says when it was reset, so the number of statements that could have done it is looked at: any FLUSH, or any TRUNCATE.
 */
final class MariaDbStatistics implements Statistics {
    private static final String BY_USERSTAT = """
            select coalesce(sum(rows_read), 0), coalesce(sum(rows_changed), 0)
              from information_schema.table_statistics where table_schema = ? and table_name = ?""";

    private static final String BY_PERFORMANCE_SCHEMA = """
            select coalesce(sum(count_read), 0), coalesce(sum(count_write), 0)
              from performance_schema.table_io_waits_summary_by_table
             where object_type = 'TABLE' and object_schema = ? and object_name = ?""";

    private static final String COUNTS_TABLES = """
            select (select count(*) from performance_schema.setup_consumers
                     where name = 'global_instrumentation' and enabled = 'YES')
                 * (select count(*) from performance_schema.setup_instruments
                     where name = 'wait/io/table/sql/handler' and enabled = 'YES')""";

    /** Both are of the moment at which the statement began, so that their difference stands still. */
    private static final String STARTED = "select unix_timestamp() - cast(variable_value as signed)"
            + " from information_schema.global_status where variable_name = 'UPTIME'";

    @Override
    public Reading read(Connection connection, List<String> tables) throws SQLException {
        boolean byUserstat = isOn(connection, "userstat");
        if (!byUserstat && !(isOn(connection, "performance_schema") && one(connection, COUNTS_TABLES) > 0)) {
            throw new Unusable(
                    "MariaDB counts no accesses to tables, because both userstat and the performance schema's"
                            + " instrument wait/io/table/sql/handler are off; set global userstat = 1 and begin anew");
        }
        Map<String, Reading.Counted> counted = new LinkedHashMap<>();
        for (String table : tables) {
            counted.put(table, counted(connection, table, byUserstat ? BY_USERSTAT : BY_PERFORMANCE_SCHEMA));
        }
        long started = one(connection, STARTED);
        String resets = byUserstat ? "Com_flush" : "Com_truncate";
        return new Reading(
                (byUserstat ? "userstat" : "performance_schema") + ", started " + started + ", " + resets + " "
                        + status(connection, resets),
                counted);
    }

    private static Reading.Counted counted(Connection connection, String table, String sql) throws SQLException {
        int dot = table.indexOf('.');
        String schema = dot < 0 ? connection.getCatalog() : table.substring(0, dot);
        String name = table.substring(dot + 1);
        String identity = identity(connection, schema, name);
        if (identity.isEmpty()) {
            throw Statistics.noTable(table);
        }
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, schema);
            select.setString(2, name);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new Reading.Counted(identity, new Touches(row.getLong(1), row.getLong(2)));
            }
        }
    }

    /** When the table was made, which TRUNCATE makes anew; empty where there is none. */
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

    private static boolean isOn(Connection connection, String variable) throws SQLException {
        return one(connection, "select @@global." + variable) == 1;
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
