package dev.migrate.jdbc;

import dev.migrate.Version;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.Acceptance;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Optional;

/** A dialect of which a test changes one rule, to show what the rule is for. */
class DialectVariant implements Dialect {
    private final Dialect real;

    DialectVariant(Dialect real) {
        this.real = real;
    }

    @Override
    public final long draw(Connection connection) throws SQLException {
        return real.draw(connection);
    }

    /** Puts a version that was drawn before into the journal. */
    static void put(Connection connection, BookId id, SideBooks.Key key, Version version, LocalDateTime since)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update migrate_journal set epoch = ?, seq = ?"
                + " where migration = ? and records = ? and side = ? and record_key = ?")) {
            update.setLong(1, version.epoch());
            update.setLong(2, version.sequence());
            update.setString(id.bind(update, 3), key.text());
            if (update.executeUpdate() > 0) {
                return;
            }
        }
        try (PreparedStatement insert = connection.prepareStatement("insert into migrate_journal (segment, epoch, seq,"
                + " since, attempts, not_before, parked, migration, records, side, record_key)"
                + " values (?, ?, ?, ?, 0, ?, false, ?, ?, ?, ?)")) {
            insert.setInt(1, key.segment());
            insert.setLong(2, version.epoch());
            insert.setLong(3, version.sequence());
            insert.setObject(4, since);
            insert.setObject(5, since);
            insert.setString(id.bind(insert, 6), key.text());
            insert.executeUpdate();
        }
    }

    @Override
    public String product() {
        return real.product();
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
        return real.admit(connection, id, key, now, notBefore, anyRole);
    }

    @Override
    public Optional<Version> admitInOrder(Connection connection, BookId id, SideBooks.Key key, LocalDateTime now)
            throws SQLException {
        return real.admitInOrder(connection, id, key, now);
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
        return real.begin(connection, id, key, now, deadline, owner);
    }

    @Override
    public boolean admitWithoutJournal(Connection connection, BookId id, int segment) throws SQLException {
        return real.admitWithoutJournal(connection, id, segment);
    }

    @Override
    public Acceptance accept(Connection connection, BookId id, SideBooks.Key key, Version version, boolean deleted)
            throws SQLException {
        return real.accept(connection, id, key, version, deleted);
    }

    @Override
    public void beginCopies(Connection connection) throws SQLException {
        real.beginCopies(connection);
    }

    @Override
    public boolean marksSessions() {
        return real.marksSessions();
    }

    @Override
    public void endCopies(Connection connection) throws SQLException {
        real.endCopies(connection);
    }

    @Override
    public Duration lockTimeout() {
        return real.lockTimeout();
    }

    @Override
    public RoleRows lockRoles(Connection connection, BookId id, SegmentRange range) throws SQLException {
        return real.lockRoles(connection, id, range);
    }

    @Override
    public String utcNow() {
        return real.utcNow();
    }

    @Override
    public void lockSchema(Connection connection) throws SQLException {
        real.lockSchema(connection);
    }

    @Override
    public void unlockSchema(Connection connection) throws SQLException {
        real.unlockSchema(connection);
    }
}
