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

/**
 * MariaDB: the role is read with {@code lock in share mode}, which waits for an uncommitted change and then sees it, at every isolation
 * level.
 *
 * <p>The version is drawn where the duplicate is updated, when its row is locked. An insert would draw it before there is a row:
 * another write may come in between, be copied, and its row be gone again. So a row is inserted without a version, and gets it by the
 * same statement once more.
 */
final class MariaDbDialect implements Dialect {
    /** The smallest that the server knows. */
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(1);

    private static final String OF_SEGMENT =
            " from migrate_role s where s.migration = ? and s.records = ? and s.side = ? and s.segment = ?";
    private static final String SELECTED =
            "insert into migrate_journal (migration, records, side, record_key, segment, epoch,"
                    + " seq, since, attempts, not_before, parked)"
                    + " select s.migration, s.records, s.side, ?, s.segment, s.epoch, 0, ?, 0, ?, false"
                    + OF_SEGMENT;
    private static final String AUTHORITY = " and s.role = 'AUTHORITY'";
    private static final String OWING = " lock in share mode"
            + " on duplicate key update epoch = values(epoch), seq = next value for migrate_seq,"
            + " claimed_by = null, claimed_until = null";
    private static final String ANEW = ", attempts = 0, not_before = values(not_before), parked = false";
    private static final String OWED = " returning epoch, seq";
    private static final String BEGIN =
            "insert into migrate_intent (migration, records, side, epoch, seq, record_key, segment, since, deadline, owner)"
                    + " select s.migration, s.records, s.side, s.epoch, next value for migrate_seq, ?, s.segment, ?, ?, ?"
                    + OF_SEGMENT + AUTHORITY + " lock in share mode returning epoch, seq";
    private static final String LOCK_LEDGER =
            "insert into migrate_ledger (migration, records, side, record_key, segment,"
                    + " epoch, seq, deleted) values (?, ?, ?, ?, ?, 0, 0, false) on duplicate key update segment = values(segment)";
    private static final String MOVE_LEDGER = "update migrate_ledger set epoch = ?, seq = ?,"
            + " deleted = if((@migrate_copying := 1) = 1, ?, false)"
            + " where migration = ? and records = ? and side = ? and record_key = ?"
            + " and (epoch < ? or (epoch = ? and seq < ?))";

    @Override
    public String product() {
        return "mariadb";
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
        String sql = (anyRole ? SELECTED : SELECTED + AUTHORITY) + OWING + ANEW + OWED;
        return admit(connection, sql, id, key, now, notBefore);
    }

    @Override
    public Optional<Version> admitInOrder(Connection connection, BookId id, SideBooks.Key key, LocalDateTime now)
            throws SQLException {
        return admit(connection, SELECTED + AUTHORITY + OWING + OWED, id, key, now, now);
    }

    private static Optional<Version> admit(
            Connection connection, String sql, BookId id, SideBooks.Key key, LocalDateTime now, LocalDateTime notBefore)
            throws SQLException {
        try (PreparedStatement owe = connection.prepareStatement(sql)) {
            owe.setString(1, key.text());
            owe.setObject(2, now);
            owe.setObject(3, notBefore);
            owe.setInt(id.bind(owe, 4), key.segment());
            Optional<Version> version = version(owe);
            boolean isInserted = version.filter(first -> first.sequence() == 0).isPresent();
            return isInserted ? version(owe) : version;
        }
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
        try (PreparedStatement begin = connection.prepareStatement(BEGIN)) {
            begin.setString(1, key.text());
            begin.setObject(2, now);
            begin.setObject(3, deadline);
            begin.setString(4, owner);
            begin.setInt(id.bind(begin, 5), key.segment());
            return version(begin);
        }
    }

    private static Optional<Version> version(PreparedStatement owe) throws SQLException {
        try (ResultSet rows = owe.executeQuery()) {
            return rows.next() ? Optional.of(new Version(rows.getLong(1), rows.getLong(2))) : Optional.empty();
        }
    }

    @Override
    public boolean admitWithoutJournal(Connection connection, BookId id, int segment) throws SQLException {
        return hasRole(connection, id, segment, AUTHORITY + " and not s.journalled");
    }

    private static boolean hasRole(Connection connection, BookId id, int segment, String condition)
            throws SQLException {
        try (PreparedStatement check =
                connection.prepareStatement("select 1" + OF_SEGMENT + condition + " lock in share mode")) {
            check.setInt(id.bind(check, 1), segment);
            try (ResultSet rows = check.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** The insert is there to lock the row, whether it makes it or finds it: a row that is made has a version before every other. */
    @Override
    public Acceptance accept(Connection connection, BookId id, SideBooks.Key key, Version version, boolean deleted)
            throws SQLException {
        if (!hasRole(connection, id, key.segment(), " and s.role = 'SHADOW'")) {
            return Acceptance.NOT_SHADOW;
        }
        try (PreparedStatement lock = connection.prepareStatement(LOCK_LEDGER)) {
            int next = id.bind(lock, 1);
            lock.setString(next, key.text());
            lock.setInt(next + 1, key.segment());
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
            return move.executeUpdate() == 0 ? Acceptance.OVERTAKEN : Acceptance.ACCEPTED;
        }
    }

    @Override
    public void beginCopies(Connection connection) throws SQLException {
        setMark(connection, "1");
    }

    /** A variable is the session's: no transaction's end takes it back. */
    @Override
    public boolean marksSessions() {
        return true;
    }

    @Override
    public void endCopies(Connection connection) throws SQLException {
        setMark(connection, "null");
    }

    private static void setMark(Connection connection, String value) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement("set @migrate_copying = " + value)) {
            set.execute();
        }
    }

    @Override
    public Duration lockTimeout() {
        return LOCK_TIMEOUT;
    }

    @Override
    public RoleRows lockRoles(Connection connection, BookId id, SegmentRange range) throws SQLException {
        return RoleRows.lock(connection, id, range, " for update wait 1");
    }

    @Override
    public String utcNow() {
        return "utc_timestamp(6)";
    }

    @Override
    public void lockSchema(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("select get_lock('migrate_schema', 60)")) {
            lock.executeQuery().close();
        }
    }

    @Override
    public void unlockSchema(Connection connection) throws SQLException {
        try (PreparedStatement unlock = connection.prepareStatement("select release_lock('migrate_schema')")) {
            unlock.executeQuery().close();
        }
    }
}
