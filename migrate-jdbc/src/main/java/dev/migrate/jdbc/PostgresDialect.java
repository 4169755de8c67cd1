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
import java.util.List;
import java.util.Optional;

/**
 * PostgreSQL: fence, role and journal in one statement.
 *
 * <p>The shared advisory lock queues fairly behind a handover that waits for it, which {@code for share} alone does not; the
 * row lock sees what was committed while the statement waited, which a plain read under the advisory lock does not. Both
 * together are exact at every isolation level. Where the role does not allow the write no row comes out, and the conversion of
 * what is said instead of a number dooms the transaction; a commit that was sent behind it is then not run.
 *
 * <p>A conflict's update draws its version under the row's lock; an insert would draw it before there is a row, and another write
 * may come in between, be copied, and its row be gone again: the insert would then go through with the lower number. So a row is
 * inserted with the number zero, and gets its own by a second statement in the same round trip. That finds it by its place: looked up by
 * its key it would cost as much as all that is owed, wherever the server has no statistics of the journal yet.
 *
 * <p>One advisory lock stands for ten segments: a handover of all of them takes 100 entries of the server's lock table, which all
 * sessions share, instead of 1,000.
 */
final class PostgresDialect implements Dialect {
    private static final int SEGMENTS_PER_LOCK = 10;
    private static final Duration LOCK_TIMEOUT = Duration.ofMillis(250);
    private static final int SCHEMA_LOCK = 0x6d696772;

    /** The place of no row. */
    private static final String NOWHERE = "(0,0)";

    /** What the server quotes where no row allows the write. */
    private static final String NOT_ADMITTED = "migrate: not admitted";

    /** Where nothing is counted, the conversion fails, and the transaction is doomed. */
    private static final String ADMITTED =
            "cast(case count(*) when 0 then '" + NOT_ADMITTED + "' else '1' end as integer)";

    private static final String COMMIT = "; commit";
    private static final String FENCE = "with l as materialized (select pg_advisory_xact_lock_shared(?, ?) x),"
            + " r as (select s.* from l cross join migrate_role s"
            + " where s.migration = ? and s.records = ? and s.side = ? and s.segment = ?";
    private static final String AUTHORITY = " and s.role = 'AUTHORITY'";
    private static final String OWING = " for share of s),"
            + " ins as (insert into migrate_journal as j (migration, records, side, record_key, segment, epoch, seq, since,"
            + " attempts, not_before, parked)"
            + " select r.migration, r.records, r.side, ?, r.segment, r.epoch, 0, ?::timestamp, 0, ?::timestamp, false from r"
            + " on conflict (migration, records, side, record_key) do update set epoch = excluded.epoch,"
            + " seq = nextval('migrate_seq'), claimed_by = null, claimed_until = null";
    private static final String ANEW = ", attempts = 0, not_before = excluded.not_before, parked = false";
    private static final String OWED = " returning j.epoch, j.seq, j.ctid as place)"
            + " select max(epoch), max(seq), " + ADMITTED + ", set_config('migrate.place',"
            + " coalesce((select place::text from ins where seq = 0), '" + NOWHERE + "'), true) from ins;"
            + " update migrate_journal set seq = nextval('migrate_seq')"
            + " where ctid = current_setting('migrate.place')::tid and seq = 0 returning epoch, seq";
    private static final String ADMIT = FENCE + AUTHORITY + OWING + ANEW + OWED;
    private static final String BEGIN = FENCE + AUTHORITY + " for share of s)"
            + " insert into migrate_intent (migration, records, side, epoch, seq, record_key, segment, since, deadline, owner)"
            + " select r.migration, r.records, r.side, r.epoch, nextval('migrate_seq'), ?, r.segment, ?::timestamp,"
            + " ?::timestamp, ? from r returning epoch, seq";
    private static final String ADMIT_WITHOUT_JOURNAL =
            FENCE + AUTHORITY + " and not s.journalled for share of s) select " + ADMITTED + " from r";
    private static final String ACCEPT = FENCE + " and s.role = 'SHADOW' for share of s),"
            + " moved as (insert into migrate_ledger as g (migration, records, side, record_key, segment, epoch, seq, deleted)"
            + " select r.migration, r.records, r.side, ?, r.segment, ?, ?, ? from r"
            + " on conflict (migration, records, side, record_key) do update set epoch = excluded.epoch,"
            + " seq = excluded.seq, deleted = excluded.deleted"
            + " where (g.epoch, g.seq) < (excluded.epoch, excluded.seq) returning 1)"
            + " select (select count(*) from r), (select count(*) from moved),"
            + " case when exists (select from moved) then set_config('migrate.copying', 'on', true) end";

    @Override
    public String product() {
        return "postgresql";
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
        return admit(connection, anyRole ? FENCE + OWING + ANEW + OWED : ADMIT, id, key, now, notBefore);
    }

    @Override
    public Optional<Version> admitInOrder(Connection connection, BookId id, SideBooks.Key key, LocalDateTime now)
            throws SQLException {
        return admit(connection, FENCE + AUTHORITY + OWING + OWED, id, key, now, now);
    }

    private static Optional<Version> admit(
            Connection connection, String sql, BookId id, SideBooks.Key key, LocalDateTime now, LocalDateTime notBefore)
            throws SQLException {
        try (PreparedStatement owe = connection.prepareStatement(sql)) {
            int next = bindFence(owe, id, key.segment());
            owe.setString(next, key.text());
            owe.setObject(next + 1, now);
            owe.setObject(next + 2, notBefore);
            owe.execute();
            Optional<Version> found = version(owe);
            owe.getMoreResults();
            Optional<Version> inserted = version(owe);
            return inserted.isPresent() ? inserted : found;
        } catch (SQLException failure) {
            if (SqlFailure.isUnfitText(failure, NOT_ADMITTED)) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    @Override
    public boolean admitsWithCommit() {
        return true;
    }

    /** The driver sends several statements at once, and the server runs none of them after one that has failed. */
    @Override
    public boolean admitAndCommit(Connection connection, BookId id, SideBooks.Key key, LocalDateTime now, boolean owe)
            throws SQLException {
        try (PreparedStatement admit = connection.prepareStatement((owe ? ADMIT : ADMIT_WITHOUT_JOURNAL) + COMMIT)) {
            int next = bindFence(admit, id, key.segment());
            if (owe) {
                admit.setString(next, key.text());
                admit.setObject(next + 1, now);
                admit.setObject(next + 2, now);
            }
            admit.execute();
            return true;
        } catch (SQLException failure) {
            if (SqlFailure.isUnfitText(failure, NOT_ADMITTED)) {
                return false;
            }
            throw failure;
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
            int next = bindFence(begin, id, key.segment());
            begin.setString(next, key.text());
            begin.setObject(next + 1, now);
            begin.setObject(next + 2, deadline);
            begin.setString(next + 3, owner);
            begin.execute();
            return version(begin);
        }
    }

    private static Optional<Version> version(PreparedStatement executed) throws SQLException {
        try (ResultSet rows = executed.getResultSet()) {
            return rows.next() ? Optional.of(new Version(rows.getLong(1), rows.getLong(2))) : Optional.empty();
        }
    }

    @Override
    public boolean admitWithoutJournal(Connection connection, BookId id, int segment) throws SQLException {
        try (PreparedStatement check = connection.prepareStatement(ADMIT_WITHOUT_JOURNAL)) {
            bindFence(check, id, segment);
            try (ResultSet rows = check.executeQuery()) {
                return rows.next();
            }
        } catch (SQLException failure) {
            if (SqlFailure.isUnfitText(failure, NOT_ADMITTED)) {
                return false;
            }
            throw failure;
        }
    }

    @Override
    public Acceptance accept(Connection connection, BookId id, SideBooks.Key key, Version version, boolean deleted)
            throws SQLException {
        try (PreparedStatement accept = connection.prepareStatement(ACCEPT)) {
            int next = bindFence(accept, id, key.segment());
            accept.setString(next, key.text());
            accept.setLong(next + 1, version.epoch());
            accept.setLong(next + 2, version.sequence());
            accept.setBoolean(next + 3, deleted);
            try (ResultSet rows = accept.executeQuery()) {
                rows.next();
                if (rows.getInt(1) == 0) {
                    return Acceptance.NOT_SHADOW;
                }
                return rows.getInt(2) == 0 ? Acceptance.OVERTAKEN : Acceptance.ACCEPTED;
            }
        }
    }

    @Override
    public void beginCopies(Connection connection) throws SQLException {
        try (PreparedStatement mark = connection.prepareStatement("select set_config('migrate.copying', 'on', true)")) {
            mark.executeQuery().close();
        }
    }

    /**
     * Looks each key up by itself. Asked for all at once, a server that has no statistics of the table yet, or made its plan while the table was
     * empty, reads all that is owed and compares each row with each key.
     */
    @Override
    public PreparedStatement selectAmong(
            Connection connection,
            BookId id,
            String columns,
            String table,
            List<String> keys,
            String condition,
            String lock)
            throws SQLException {
        PreparedStatement select = connection.prepareStatement("select " + columns
                + " from unnest(cast(? as text[])) as wanted (name) cross join lateral (select * from " + table
                + Journal.OF_SIDE + " and record_key = wanted.name" + condition + " limit 1" + lock + ") found");
        select.setArray(1, connection.createArrayOf("text", keys.toArray()));
        id.bind(select, 2);
        return select;
    }

    private static int bindFence(PreparedStatement statement, BookId id, int segment) throws SQLException {
        statement.setInt(1, id.lockClass());
        statement.setInt(2, segment / SEGMENTS_PER_LOCK);
        int next = id.bind(statement, 3);
        statement.setInt(next, segment);
        return next + 1;
    }

    @Override
    public Duration lockTimeout() {
        return LOCK_TIMEOUT;
    }

    @Override
    public RoleRows lockRoles(Connection connection, BookId id, SegmentRange range) throws SQLException {
        try (PreparedStatement timeout = connection.prepareStatement("select set_config('lock_timeout', ?, true)")) {
            timeout.setString(1, LOCK_TIMEOUT.toMillis() + "ms");
            timeout.executeQuery().close();
        }
        try (PreparedStatement lock =
                connection.prepareStatement("select pg_advisory_xact_lock(?, g) from generate_series(?, ?) g")) {
            lock.setInt(1, id.lockClass());
            lock.setInt(2, range.from() / SEGMENTS_PER_LOCK);
            lock.setInt(3, (range.to() - 1) / SEGMENTS_PER_LOCK);
            lock.executeQuery().close();
        }
        return RoleRows.lock(connection, id, range, " for update");
    }

    @Override
    public long draw(Connection connection) throws SQLException {
        return Dialect.draw(connection, "select nextval('migrate_seq')");
    }

    @Override
    public String utcNow() {
        return "(clock_timestamp() at time zone 'UTC')";
    }

    @Override
    public void lockSchema(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("select pg_advisory_xact_lock(?)")) {
            lock.setLong(1, SCHEMA_LOCK);
            lock.executeQuery().close();
        }
    }
}
