package dev.migrate.jdbc;

import dev.migrate.Version;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.Acceptance;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * H2: it has no shared row locks, so that whoever checks a role locks its row exclusively.
 *
 * <p>This is exact, and makes the writers of one segment wait for one another; two transactions that write keys of two segments
 * in opposite orders deadlock, and the database ends one. Whatever follows the lock needs no other.
 */
final class H2Dialect implements Dialect {
    private static final Duration LOCK_TIMEOUT = Duration.ofMillis(250);
    private static final ReentrantLock SCHEMA = new ReentrantLock();
    private static final String OF_KEY = " where migration = ? and records = ? and side = ? and record_key = ?";

    @Override
    public String product() {
        return "h2";
    }

    @Override
    public Optional<Version> admit(
            Connection connection,
            BookId id,
            SideBooks.Key key,
            LocalDateTime now,
            LocalDateTime notBefore,
            boolean anyRole)
            throws SQLException {
        long epoch = lockRole(connection, id, key.segment(), anyRole ? "" : " and role = 'AUTHORITY'");
        if (epoch == 0) {
            return Optional.empty();
        }
        Version version = new Version(epoch, draw(connection));
        if (!raise(connection, id, key, version, notBefore)) {
            insert(connection, id, key, version, now, notBefore);
        }
        return Optional.of(version);
    }

    @Override
    public Optional<Version> admitInOrder(Connection connection, BookId id, SideBooks.Key key, LocalDateTime now)
            throws SQLException {
        long epoch = lockRole(connection, id, key.segment(), " and role = 'AUTHORITY'");
        if (epoch == 0) {
            return Optional.empty();
        }
        Version version = new Version(epoch, draw(connection));
        try (PreparedStatement update = connection.prepareStatement("update migrate_journal set epoch = ?, seq = ?,"
                + " claimed_by = null, claimed_until = null" + OF_KEY)) {
            update.setLong(1, version.epoch());
            update.setLong(2, version.sequence());
            update.setString(id.bind(update, 3), key.text());
            if (update.executeUpdate() == 0) {
                insert(connection, id, key, version, now, now);
            }
        }
        return Optional.of(version);
    }

    @Override
    public Optional<Version> begin(
            Connection connection,
            BookId id,
            SideBooks.Key key,
            LocalDateTime now,
            LocalDateTime deadline,
            String owner)
            throws SQLException {
        long epoch = lockRole(connection, id, key.segment(), " and role = 'AUTHORITY'");
        if (epoch == 0) {
            return Optional.empty();
        }
        Version version = new Version(epoch, draw(connection));
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into migrate_intent (migration, records,"
                        + " side, epoch, seq, record_key, segment, since, deadline, owner) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            int next = id.bind(insert, 1);
            insert.setLong(next, version.epoch());
            insert.setLong(next + 1, version.sequence());
            insert.setString(next + 2, key.text());
            insert.setInt(next + 3, key.segment());
            insert.setObject(next + 4, now);
            insert.setObject(next + 5, deadline);
            insert.setString(next + 6, owner);
            insert.executeUpdate();
        }
        return Optional.of(version);
    }

    private static boolean raise(
            Connection connection, BookId id, SideBooks.Key key, Version version, LocalDateTime notBefore)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update migrate_journal set epoch = ?, seq = ?,"
                + " attempts = 0, not_before = ?, claimed_by = null, claimed_until = null,"
                + " parked = false" + OF_KEY)) {
            update.setLong(1, version.epoch());
            update.setLong(2, version.sequence());
            update.setObject(3, notBefore);
            update.setString(id.bind(update, 4), key.text());
            return update.executeUpdate() > 0;
        }
    }

    private static void insert(
            Connection connection,
            BookId id,
            SideBooks.Key key,
            Version version,
            LocalDateTime since,
            LocalDateTime notBefore)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into migrate_journal (migration, records,"
                + " side, record_key, segment, epoch, seq, since, attempts, not_before, parked)"
                + " values (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, false)")) {
            int next = id.bind(insert, 1);
            insert.setString(next, key.text());
            insert.setInt(next + 1, key.segment());
            insert.setLong(next + 2, version.epoch());
            insert.setLong(next + 3, version.sequence());
            insert.setObject(next + 4, since);
            insert.setObject(next + 5, notBefore);
            insert.executeUpdate();
        }
    }

    @Override
    public boolean admitWithoutJournal(Connection connection, BookId id, int segment) throws SQLException {
        return lockRole(connection, id, segment, " and role = 'AUTHORITY' and not journalled") != 0;
    }

    @Override
    public Acceptance accept(Connection connection, BookId id, SideBooks.Key key, Version version, boolean deleted)
            throws SQLException {
        if (lockRole(connection, id, key.segment(), " and role = 'SHADOW'") == 0) {
            return Acceptance.NOT_SHADOW;
        }
        Optional<Version> held = held(connection, id, key);
        if (held.isPresent() && !version.isAfter(held.get())) {
            return Acceptance.OVERTAKEN;
        }
        String move = held.isPresent()
                ? "update migrate_ledger set segment = ?, epoch = ?, seq = ?, deleted = ?" + OF_KEY
                : "insert into migrate_ledger (segment, epoch, seq, deleted, migration, records, side, record_key)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(move)) {
            statement.setInt(1, key.segment());
            statement.setLong(2, version.epoch());
            statement.setLong(3, version.sequence());
            statement.setBoolean(4, deleted);
            statement.setString(id.bind(statement, 5), key.text());
            statement.executeUpdate();
        }
        return Acceptance.ACCEPTED;
    }

    private static Optional<Version> held(Connection connection, BookId id, SideBooks.Key key) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select epoch, seq from migrate_ledger" + OF_KEY + " for update")) {
            select.setString(id.bind(select, 1), key.text());
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(new Version(rows.getLong(1), rows.getLong(2))) : Optional.empty();
            }
        }
    }

    /** The epoch of the role, its row locked; 0 where the role is not the one asked for. */
    private static long lockRole(Connection connection, BookId id, int segment, String condition) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("select epoch from migrate_role"
                + " where migration = ? and records = ? and side = ? and segment = ?" + condition + " for update")) {
            lock.setInt(id.bind(lock, 1), segment);
            try (ResultSet rows = lock.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        }
    }

    @Override
    public Duration lockTimeout() {
        return LOCK_TIMEOUT;
    }

    @Override
    public RoleRows lockRoles(Connection connection, BookId id, SegmentRange range) throws SQLException {
        return RoleRows.lock(connection, id, range, " for update wait 0.25");
    }

    @Override
    public String utcNow() {
        return "cast(current_timestamp at time zone 'UTC' as timestamp(6))";
    }

    /**
     * Within this process, which an embedded database is: two sessions that add a column to one table at the same moment fail in the database itself,
     * and no lock of the database outlives a change of the schema.
     */
    @Override
    public void lockSchema(Connection connection) {
        SCHEMA.lock();
    }

    @Override
    public void unlockSchema(Connection connection) {
        SCHEMA.unlock();
    }
}
