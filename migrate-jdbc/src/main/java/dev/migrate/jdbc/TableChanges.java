package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.table.Column;
import dev.migrate.table.Horizon;
import dev.migrate.table.TableKey;
import dev.migrate.table.TableSide;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;

/** Which rows of a table have changed since a moment, by a column that says so, and what the database says of time. */
final class TableChanges {
    private static final int FETCH = 1_000;

    /**
     * When the oldest of the other transactions in this database began, and whether a role that may not see the sessions of others was shown all of them. What
     * was prepared began before that; a vacuum writes no rows.
     */
    private static final String POSTGRES = "select now, least(now,"
            + " (select min(xact_start) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
            + " and backend_type is distinct from 'autovacuum worker'),"
            + " (select min(prepared) from pg_prepared_xacts where database = current_database())),"
            + " not exists (select from pg_stat_activity a join pg_locks l on l.pid = a.pid and l.locktype = 'virtualxid'"
            + " where a.datname = current_database() and a.pid <> pg_backend_pid() and a.xact_start is null"
            + " and a.query = '<insufficient privilege>')"
            + " and not exists (select from pg_prepared_xacts where database = current_database())"
            + " from (select clock_timestamp() as now) clock";

    private TableChanges() {}

    static Horizon horizon(Connection connection, TableDialect dialect) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(clock(dialect));
                ResultSet row = select.executeQuery()) {
            row.next();
            if (dialect == TableDialect.POSTGRESQL) {
                return new Horizon(instant(row, 1), instant(row, 2), row.getBoolean(3));
            }
            Instant now = dialect == TableDialect.MARIADB
                    ? UtcTime.instant(row.getObject(1, LocalDateTime.class))
                    : instant(row, 1);
            return new Horizon(now, now, false);
        }
    }

    private static Instant instant(ResultSet row, int at) throws SQLException {
        return row.getObject(at, OffsetDateTime.class).toInstant();
    }

    private static String clock(TableDialect dialect) {
        return switch (dialect) {
            case POSTGRESQL -> POSTGRES;
            case MARIADB -> "select utc_timestamp(6)";
            case H2 -> "select current_timestamp(9)";
            case OTHER ->
                throw new MigrationException("the database must be PostgreSQL, MariaDB or H2 to tell what has changed,"
                        + " but is another; compare all rows with run()");
        };
    }

    static void scanSince(
            Connection connection,
            KeysetSql sql,
            TableKeys keys,
            TableDialect dialect,
            Column column,
            Object since,
            TableSide.Sink<TableKey> sink)
            throws Exception {
        try (PreparedStatement select = connection.prepareStatement(sql.since(column))) {
            select.setFetchSize(FETCH);
            dialect.bind(select, 1, since, column);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    sink.accept(keys.read(rows, 1));
                }
            }
        }
    }
}
