package dev.migrate.jdbc;

import dev.migrate.Version;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.Acceptance;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Optional;
import java.util.Set;

/**
 * MySQL 8.0.17 and later: as MariaDB, the role is read with {@code lock in share mode}, which waits for an uncommitted change and then uses the
 * latest values, at every isolation level.
 *
 * <p>There is no {@code RETURNING} and no sequence, so that what MariaDB does in one statement is several here, in the same order: the role
 * is locked, then the journal's row, and only then is the version drawn. A version is the AUTO_INCREMENT of a row that is deleted at once: the
 * counter waits for no transaction, goes back with none, and is in the redo log before whatever commits with it.
 */
final class MySqlDialect implements Dialect {
    /** The smallest that the server knows. */
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(1);

    /** A column, and a key, of that name is there. */
    private static final Set<Integer> THERE_ALREADY = Set.of(1060, 1061);

    private static final String AUTHORITY = " and role = 'AUTHORITY'";
    private static final String OF_KEY = " where migration = ? and records = ? and side = ? and record_key = ?";
    private static final String LOCK_JOURNAL =
            "insert into migrate_journal (migration, records, side, record_key, segment, epoch,"
                    + " seq, since, attempts, not_before, parked) values (?, ?, ?, ?, ?, 0, 0, ?, 0, ?, false)"
                    + " on duplicate key update segment = ?";
    private static final String OWE =
            "update migrate_journal set epoch = ?, seq = ?," + " claimed_by = null, claimed_until = null";
    private static final String ANEW = ", attempts = 0, not_before = ?, parked = false";
    private static final String BEGIN = "insert into migrate_intent (migration, records, side, epoch, seq, record_key,"
            + " segment, since, deadline, owner) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String LOCK_LEDGER = "insert into migrate_ledger (migration, records, side, record_key,"
            + " segment, epoch, seq, deleted) values (?, ?, ?, ?, ?, 0, 0, false) on duplicate key update segment = ?";
    private static final String MOVE_LEDGER = "update migrate_ledger set epoch = ?, seq = ?, deleted = ?" + OF_KEY
            + " and (epoch < ? or (epoch = ? and seq < ?))";

    @Override
    public String product() {
        return "mysql";
    }

    @Override
    public boolean isTested() {
        return false;
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
        long epoch = lockRole(connection, id, key.segment(), anyRole ? "" : AUTHORITY);
        if (epoch == 0) {
            return Optional.empty();
        }
        lockJournal(connection, id, key, now, notBefore);
        Version version = new Version(epoch, draw(connection));
        try (PreparedStatement owe = connection.prepareStatement(OWE + ANEW + OF_KEY)) {
            owe.setLong(1, version.epoch());
            owe.setLong(2, version.sequence());
            owe.setObject(3, notBefore);
            owe.setString(id.bind(owe, 4), key.text());
            owe.executeUpdate();
        }
        return Optional.of(version);
    }

    @Override
    public Optional<Version> admitInOrder(Connection connection, BookId id, SideBooks.Key key, LocalDateTime now)
            throws SQLException {
        long epoch = lockRole(connection, id, key.segment(), AUTHORITY);
        if (epoch == 0) {
            return Optional.empty();
        }
        lockJournal(connection, id, key, now, now);
        Version version = new Version(epoch, draw(connection));
        try (PreparedStatement owe = connection.prepareStatement(OWE + OF_KEY)) {
            owe.setLong(1, version.epoch());
            owe.setLong(2, version.sequence());
            owe.setString(id.bind(owe, 3), key.text());
            owe.executeUpdate();
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
        long epoch = lockRole(connection, id, key.segment(), AUTHORITY);
        if (epoch == 0) {
            return Optional.empty();
        }
        Version version = new Version(epoch, draw(connection));
        try (PreparedStatement begin = connection.prepareStatement(BEGIN)) {
            int next = id.bind(begin, 1);
            begin.setLong(next, version.epoch());
            begin.setLong(next + 1, version.sequence());
            begin.setString(next + 2, key.text());
            begin.setInt(next + 3, key.segment());
            begin.setObject(next + 4, now);
            begin.setObject(next + 5, deadline);
            begin.setString(next + 6, owner);
            begin.executeUpdate();
        }
        return Optional.of(version);
    }

    /** Makes the row, which has a version before every other, or finds it; locked exclusively either way. */
    private static void lockJournal(
            Connection connection, BookId id, SideBooks.Key key, LocalDateTime now, LocalDateTime notBefore)
            throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(LOCK_JOURNAL)) {
            int next = id.bind(lock, 1);
            lock.setString(next, key.text());
            lock.setInt(next + 1, key.segment());
            lock.setObject(next + 2, now);
            lock.setObject(next + 3, notBefore);
            lock.setInt(next + 4, key.segment());
            lock.executeUpdate();
        }
    }

    @Override
    public long draw(Connection connection) throws SQLException {
        long drawn;
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into migrate_seq (drawn) values (1)", Statement.RETURN_GENERATED_KEYS)) {
            insert.executeUpdate();
            try (ResultSet keys = insert.getGeneratedKeys()) {
                keys.next();
                drawn = keys.getLong(1);
            }
        }
        try (PreparedStatement forget = connection.prepareStatement("delete from migrate_seq where id = ?")) {
            forget.setLong(1, drawn);
            forget.executeUpdate();
        }
        return drawn;
    }

    @Override
    public boolean admitWithoutJournal(Connection connection, BookId id, int segment) throws SQLException {
        return lockRole(connection, id, segment, AUTHORITY + " and not journalled") != 0;
    }

    /** The epoch of the role, its row locked for everybody who reads it so; 0 where the role is not the one asked for. */
    private static long lockRole(Connection connection, BookId id, int segment, String condition) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("select epoch from migrate_role"
                + " where migration = ? and records = ? and side = ? and segment = ?" + condition
                + " lock in share mode")) {
            lock.setInt(id.bind(lock, 1), segment);
            try (ResultSet rows = lock.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        }
    }

    /** The insert is there to lock the row, whether it makes it or finds it: a row that is made has a version before every other. */
    @Override
    public Acceptance accept(Connection connection, BookId id, SideBooks.Key key, Version version, boolean deleted)
            throws SQLException {
        if (lockRole(connection, id, key.segment(), " and role = 'SHADOW'") == 0) {
            return Acceptance.NOT_SHADOW;
        }
        try (PreparedStatement lock = connection.prepareStatement(LOCK_LEDGER)) {
            int next = id.bind(lock, 1);
            lock.setString(next, key.text());
            lock.setInt(next + 1, key.segment());
            lock.setInt(next + 2, key.segment());
            lock.executeUpdate();
        }
        try (PreparedStatement move = connection.prepareStatement(MOVE_LEDGER)) {
            move.setLong(1, version.epoch());
            move.setLong(2, version.sequence());
            move.setBoolean(3, deleted);
            int next = id.bind(move, 4);
            move.setString(next, key.text());
            move.setLong(next + 1, version.epoch());
            move.setLong(next + 2, version.epoch());
            move.setLong(next + 3, version.sequence());
            if (move.executeUpdate() == 0) {
                return Acceptance.OVERTAKEN;
            }
        }
        beginCopies(connection);
        return Acceptance.ACCEPTED;
    }

    @Override
    public void beginCopies(Connection connection) throws SQLException {
        run(connection, "set @migrate_copying = 1");
    }

    /** A variable is the session's: no transaction's end takes it back. */
    @Override
    public boolean marksSessions() {
        return true;
    }

    @Override
    public void endCopies(Connection connection) throws SQLException {
        run(connection, "set @migrate_copying = null");
    }

    @Override
    public Duration lockTimeout() {
        return LOCK_TIMEOUT;
    }

    /** There is no {@code WAIT n}: the session waits less while it locks, and as long as before afterwards. */
    @Override
    public RoleRows lockRoles(Connection connection, BookId id, SegmentRange range) throws SQLException {
        long usual;
        try (PreparedStatement select = connection.prepareStatement("select @@session.innodb_lock_wait_timeout");
                ResultSet rows = select.executeQuery()) {
            rows.next();
            usual = rows.getLong(1);
        }
        run(connection, "set session innodb_lock_wait_timeout = " + LOCK_TIMEOUT.toSeconds());
        try {
            return RoleRows.lock(connection, id, range, " for update");
        } finally {
            run(connection, "set session innodb_lock_wait_timeout = " + usual);
        }
    }

    @Override
    public String utcNow() {
        return "utc_timestamp(6)";
    }

    @Override
    public void lockSchema(Connection connection) throws SQLException {
        run(connection, "select get_lock('migrate_schema', 60)");
    }

    @Override
    public void unlockSchema(Connection connection) throws SQLException {
        run(connection, "select release_lock('migrate_schema')");
    }

    /** Columns and indexes know no {@code IF NOT EXISTS}. */
    @Override
    public boolean isThereAlready(SQLException failure) {
        return THERE_ALREADY.contains(failure.getErrorCode());
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
    }
}
