package dev.migrate.jdbc;

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

    /** What PostgreSQL says. */
    static Horizon ofPostgres(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(POSTGRES);
                ResultSet row = select.executeQuery()) {
            row.next();
            return new Horizon(instant(row, 1), instant(row, 2), row.getBoolean(3));
        }
    }

    private static Instant instant(ResultSet row, int at) throws SQLException {
        return row.getObject(at, OffsetDateTime.class).toInstant();
    }

    /** Of a database that tells the time, as UTC without a zone, and nothing of transactions. */
    static Horizon ofClock(Connection connection, String utcNow) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select " + utcNow);
                ResultSet row = select.executeQuery()) {
            row.next();
            Instant now = UtcTime.instant(row.getObject(1, LocalDateTime.class));
            return new Horizon(now, now, false);
        }
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
            select.setFetchSize(dialect.fetchSize());
            dialect.bind(select, 1, since, column);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    sink.accept(keys.read(rows, 1));
                }
            }
        }
    }
}
