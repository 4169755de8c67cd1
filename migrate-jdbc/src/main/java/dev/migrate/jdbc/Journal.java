package dev.migrate.jdbc;

import dev.migrate.Version;
import dev.migrate.side.Debt;
import dev.migrate.side.Owed;
import dev.migrate.side.SegmentRange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The statements on the journal and the ledger that are the same in every dialect. */
record Journal(BookId id) {
    private static final String OF_SIDE = " where migration = ? and records = ? and side = ?";
    private static final String OF_KEY = OF_SIDE + " and record_key = ?";
    private static final String OF_VERSION = OF_KEY + " and epoch = ? and seq = ?";
    private static final String SELECT =
            "select record_key, segment, epoch, seq, since, attempts, last_error, parked from migrate_journal"
                    + OF_SIDE;

    Optional<Version> owed(Connection connection, String key) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select epoch, seq from migrate_journal" + OF_KEY)) {
            select.setString(id.bind(select, 1), key);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(new Version(rows.getLong(1), rows.getLong(2))) : Optional.empty();
            }
        }
    }

    /** Those of the keys that have a row in a table. */
    Set<String> among(Connection connection, String table, List<String> keys) throws SQLException {
        String marks = "?, ".repeat(keys.size() - 1) + "?";
        try (PreparedStatement select = connection.prepareStatement(
                "select record_key from " + table + OF_SIDE + " and record_key in (" + marks + ")")) {
            int next = id.bind(select, 1);
            for (String key : keys) {
                select.setString(next++, key);
            }
            Set<String> found = new HashSet<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
            return found;
        }
    }

    boolean settle(Connection connection, String key, Version copied) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from migrate_journal" + OF_VERSION)) {
            bindVersion(delete, 1, key, copied);
            return delete.executeUpdate() > 0;
        }
    }

    void postpone(
            Connection connection, String key, Version attempted, LocalDateTime notBefore, String error, boolean park)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update migrate_journal set attempts = attempts + 1, not_before = ?, last_error = ?,"
                        + " claimed_by = null, claimed_until = null, parked = ?" + OF_VERSION)) {
            update.setObject(1, notBefore);
            update.setString(2, StorableText.error(error));
            update.setBoolean(3, park);
            bindVersion(update, 4, key, attempted);
            update.executeUpdate();
        }
    }

    private void bindVersion(PreparedStatement statement, int first, String key, Version version) throws SQLException {
        int next = id.bind(statement, first);
        statement.setString(next, key);
        statement.setLong(next + 1, version.epoch());
        statement.setLong(next + 2, version.sequence());
    }

    /** Claims due keys; rows that another session has locked are left to it. */
    List<Owed> claim(Connection connection, String worker, int limit, LocalDateTime now, LocalDateTime until)
            throws SQLException {
        List<Owed> due;
        try (PreparedStatement select = connection.prepareStatement(
                SELECT + " and parked = false and not_before <= ? and (claimed_until is null or claimed_until <= ?)"
                        + " order by since, record_key limit ? for update skip locked")) {
            int next = id.bind(select, 1);
            select.setObject(next, now);
            select.setObject(next + 1, now);
            select.setInt(next + 2, limit);
            due = read(select);
        }
        if (!due.isEmpty()) {
            mark(connection, worker, until, due);
        }
        return due;
    }

    private void mark(Connection connection, String worker, LocalDateTime until, List<Owed> due) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("update migrate_journal set claimed_by = ?, claimed_until = ?" + OF_KEY)) {
            for (Owed owed : due) {
                update.setString(1, worker);
                update.setObject(2, until);
                update.setString(id.bind(update, 3), owed.key());
                update.addBatch();
            }
            update.executeBatch();
        }
    }

    List<Owed> parked(Connection connection, int limit) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(SELECT + " and parked = true order by since, record_key limit ?")) {
            select.setInt(id.bind(select, 1), limit);
            return read(select);
        }
    }

    private static List<Owed> read(PreparedStatement select) throws SQLException {
        List<Owed> found = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                found.add(new Owed(
                        rows.getString(1),
                        rows.getInt(2),
                        new Version(rows.getLong(3), rows.getLong(4)),
                        UtcTime.instant(rows.getObject(5, LocalDateTime.class)),
                        rows.getInt(6),
                        rows.getString(7),
                        rows.getBoolean(8)));
            }
        }
        return found;
    }

    boolean retry(Connection connection, String key, LocalDateTime now) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update migrate_journal set parked = false,"
                + " attempts = 0, not_before = ?, claimed_by = null, claimed_until = null" + OF_KEY
                + " and parked = true")) {
            update.setObject(1, now);
            update.setString(id.bind(update, 2), key);
            return update.executeUpdate() > 0;
        }
    }

    int hasten(Connection connection, SegmentRange range) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update migrate_journal set not_before = since,"
                + " claimed_by = null, claimed_until = null" + OF_SIDE + " and segment >= ? and segment < ?")) {
            int next = id.bind(update, 1);
            update.setInt(next, range.from());
            update.setInt(next + 1, range.to());
            return update.executeUpdate();
        }
    }

    Debt debt(Connection connection, SegmentRange range) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select count(*), coalesce(sum(case when parked then 1 else 0 end), 0), min(since)"
                        + " from migrate_journal" + OF_SIDE + " and segment >= ? and segment < ?")) {
            int next = id.bind(select, 1);
            select.setInt(next, range.from());
            select.setInt(next + 1, range.to());
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                @Nullable LocalDateTime oldest = rows.getObject(3, LocalDateTime.class);
                return new Debt(
                        rows.getLong(1),
                        rows.getLong(2),
                        Optional.ofNullable(oldest).map(UtcTime::instant));
            }
        }
    }
}
