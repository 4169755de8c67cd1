package dev.migrate.jdbc;

import dev.migrate.Version;
import dev.migrate.side.Dismissal;
import dev.migrate.side.FailedAttempt;
import dev.migrate.side.Owed;
import dev.migrate.side.SegmentRange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The statements on the journal and the ledger that are the same in every dialect. */
record Journal(BookId id, Dialect dialect) {
    static final String OF_SIDE = " where migration = ? and records = ? and side = ?";
    static final String OF_KEY = OF_SIDE + " and record_key = ?";
    private static final String OF_VERSION = OF_KEY + " and epoch = ? and seq = ?";

    /** A dismissal is of one version. No epoch is 0, so that this is never null. */
    static final String DISMISSED = "(parked = true and coalesce(dismissed_epoch, 0) = epoch and dismissed_seq = seq)";

    static final String NOT_DISMISSED = "not " + DISMISSED;
    static final String SELECT = "select record_key, segment, epoch, seq, since, attempts, last_error, parked,"
            + " dismissed_by, dismissed_why, dismissed_at, case when " + DISMISSED
            + " then 1 else 0 end from migrate_journal" + OF_SIDE;

    private static final String LOCKED = " for update skip locked";
    private static final String DUE =
            " and parked = false and not_before <= ? and (claimed_until is null or claimed_until <= ?)";

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
    Set<String> among(Connection connection, String table, String condition, List<String> keys) throws SQLException {
        try (PreparedStatement select = dialect.selectAmong(connection, id, "record_key", table, keys, condition, "")) {
            return keys(select);
        }
    }

    /** Any keys, as many as a limit allows. */
    Set<String> first(Connection connection, String table, String condition, int limit) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select record_key from " + table + OF_SIDE + condition + " limit " + limit)) {
            id.bind(select, 1);
            return keys(select);
        }
    }

    private static Set<String> keys(PreparedStatement select) throws SQLException {
        Set<String> found = new HashSet<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }

    /** The versions of those of the keys that are owed. */
    Map<String, Version> owed(Connection connection, List<String> keys) throws SQLException {
        return versions(connection, keys, "");
    }

    private Map<String, Version> versions(Connection connection, List<String> keys, String lock) throws SQLException {
        try (PreparedStatement select =
                dialect.selectAmong(connection, id, "record_key, epoch, seq", "migrate_journal", keys, "", lock)) {
            Map<String, Version> found = new HashMap<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.put(rows.getString(1), new Version(rows.getLong(2), rows.getLong(3)));
                }
            }
            return found;
        }
    }

    /**
     * Strikes out debts whose version has not moved on, in a transaction of its own, which waits for nobody: a session that holds one of the rows
     * may be about to ask for another of them.
     */
    Set<String> settle(Connection connection, List<String> keys, Map<String, Version> copied) throws SQLException {
        Map<String, Version> locked = versions(connection, keys, LOCKED);
        List<String> settled = locked.entrySet().stream()
                .filter(row -> row.getValue().equals(copied.get(row.getKey())))
                .map(Map.Entry::getKey)
                .toList();
        try (PreparedStatement delete = connection.prepareStatement("delete from migrate_journal" + OF_KEY)) {
            for (String key : settled) {
                delete.setString(id.bind(delete, 1), key);
                delete.addBatch();
            }
            delete.executeBatch();
        }
        return Set.copyOf(settled);
    }

    boolean settle(Connection connection, String key, Version copied) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from migrate_journal" + OF_VERSION)) {
            bindVersion(delete, 1, key, copied);
            return delete.executeUpdate() > 0;
        }
    }

    void postpone(Connection connection, String key, Version attempted, FailedAttempt failed) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update migrate_journal set attempts = case when ? then 1 else attempts + 1 end, not_before = ?, last_error = ?,"
                        + " claimed_by = null, claimed_until = null, parked = ?, conflicting = ?" + OF_VERSION + " and "
                        + NOT_DISMISSED)) {
            update.setBoolean(1, failed.isFirst());
            update.setObject(2, UtcTime.of(failed.notBefore()));
            update.setString(3, StorableText.error(failed.error()));
            update.setBoolean(4, failed.park());
            update.setBoolean(5, failed.isConflict());
            bindVersion(update, 6, key, attempted);
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
                SELECT + DUE + " order by since, record_key limit ? for update skip locked")) {
            select.setInt(bindDue(select, now), limit);
            due = read(select);
        }
        return claimed(connection, worker, until, due);
    }

    /** Claims one key, where it is due and no other session has locked it. */
    Optional<Owed> claim(Connection connection, String worker, String key, LocalDateTime now, LocalDateTime until)
            throws SQLException {
        List<Owed> due;
        try (PreparedStatement select =
                connection.prepareStatement(SELECT + DUE + " and record_key = ? for update skip locked")) {
            select.setString(bindDue(select, now), key);
            due = read(select);
        }
        return claimed(connection, worker, until, due).stream().findFirst();
    }

    private int bindDue(PreparedStatement select, LocalDateTime now) throws SQLException {
        int next = id.bind(select, 1);
        select.setObject(next, now);
        select.setObject(next + 1, now);
        return next + 2;
    }

    private List<Owed> claimed(Connection connection, String worker, LocalDateTime until, List<Owed> due)
            throws SQLException {
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

    static List<Owed> read(PreparedStatement select) throws SQLException {
        List<Owed> found = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                found.add(owed(rows));
            }
        }
        return found;
    }

    private static Owed owed(ResultSet row) throws SQLException {
        boolean isDismissed = row.getInt(12) == 1;
        return new Owed(
                row.getString(1),
                row.getInt(2),
                new Version(row.getLong(3), row.getLong(4)),
                UtcTime.instant(row.getObject(5, LocalDateTime.class)),
                row.getInt(6),
                row.getString(7),
                row.getBoolean(8) && !isDismissed,
                isDismissed ? dismissal(row) : null);
    }

    /** Gives claims back; of a row that another session has locked, the claim is left to run out. */
    void release(Connection connection, String worker, List<String> keys) throws SQLException {
        Set<String> locked = versions(connection, keys, LOCKED).keySet();
        try (PreparedStatement update =
                connection.prepareStatement("update migrate_journal set claimed_by = null, claimed_until = null"
                        + OF_KEY + " and claimed_by = ?")) {
            for (String key : locked) {
                int next = id.bind(update, 1);
                update.setString(next, key);
                update.setString(next + 1, worker);
                update.addBatch();
            }
            update.executeBatch();
        }
    }

    /**
     * Makes some of what waits in a range due at once; returns how many keys. A row that another session has locked is left: whoever waited for
     * it could be waited for, and a writer would be chosen to give up.
     */
    int hasten(Connection connection, SegmentRange range, int limit) throws SQLException {
        List<String> waiting = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("select record_key from migrate_journal" + OF_SIDE
                + " and segment >= ? and segment < ? and parked = false and (not_before > since or claimed_until is not null)"
                + " limit ?" + LOCKED)) {
            int next = id.bind(select, 1);
            select.setInt(next, range.from());
            select.setInt(next + 1, range.to());
            select.setInt(next + 2, limit);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    waiting.add(rows.getString(1));
                }
            }
        }
        try (PreparedStatement update =
                connection.prepareStatement("update migrate_journal set not_before = since, claimed_by = null,"
                        + " claimed_until = null" + OF_KEY)) {
            for (String key : waiting) {
                update.setString(id.bind(update, 1), key);
                update.addBatch();
            }
            update.executeBatch();
        }
        return waiting.size();
    }

    private static Dismissal dismissal(ResultSet row) throws SQLException {
        return new Dismissal(
                row.getString(9), row.getString(10), UtcTime.instant(row.getObject(11, LocalDateTime.class)));
    }
}
