package dev.migrate.jdbc;

import static dev.migrate.jdbc.Journal.OF_KEY;
import static dev.migrate.jdbc.Journal.OF_SIDE;

import dev.migrate.Version;
import dev.migrate.replay.EventDebt;
import dev.migrate.replay.LoggedEvent;
import dev.migrate.side.Dismissal;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The statements on events, which are the same in every dialect. */
record EventRows(BookId id) {
    private static final String OF_VERSION = OF_KEY + " and epoch = ? and seq = ?";
    private static final String OPEN = " and processed_at is null and decided_at is null";
    private static final String SELECT =
            "select operation_id, record_key, segment, event_type, payload, epoch, seq, due_epoch, due_seq,"
                    + " occurred_at, processed_at, decided_by, decided_why, decided_at from migrate_event";
    private static final String DECIDE =
            "update migrate_event set decided_by = ?, decided_why = ?, decided_at = ?, processed_at = ?" + OF_SIDE
                    + " and operation_id = ?";
    private static final String DISMISSED = " and processed_at is null and decided_at is not null";

    void insert(Connection connection, LoggedEvent event) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into migrate_event (migration, records, side, record_key, segment, epoch, seq, due_epoch, due_seq,"
                        + " operation_id, event_type, payload, occurred_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            int next = id.bind(insert, 1);
            insert.setString(next, event.aggregate());
            insert.setInt(next + 1, event.segment());
            insert.setLong(next + 2, event.version().epoch());
            insert.setLong(next + 3, event.version().sequence());
            insert.setLong(next + 4, event.due().epoch());
            insert.setLong(next + 5, event.due().sequence());
            insert.setString(next + 6, event.operationId());
            insert.setString(next + 7, event.type());
            insert.setBytes(next + 8, event.payload());
            insert.setObject(next + 9, UtcTime.of(event.occurredAt()));
            insert.executeUpdate();
        }
    }

    List<LoggedEvent> open(Connection connection, String aggregate, Version upTo, int limit) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT + OF_KEY + OPEN
                + " and (due_epoch < ? or (due_epoch = ? and due_seq <= ?)) order by due_epoch, due_seq limit ?")) {
            int next = id.bind(select, 1);
            select.setString(next, aggregate);
            select.setInt(bindBound(select, next + 1, upTo), limit);
            return read(select);
        }
    }

    private static int bindBound(PreparedStatement statement, int first, Version bound) throws SQLException {
        statement.setLong(first, bound.epoch());
        statement.setLong(first + 1, bound.epoch());
        statement.setLong(first + 2, bound.sequence());
        return first + 3;
    }

    boolean process(Connection connection, LoggedEvent event, Instant at) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update migrate_event set processed_at = ?"
                + OF_VERSION + " and due_epoch = ? and due_seq = ? and processed_at is null")) {
            update.setObject(1, UtcTime.of(at));
            int next = bindVersion(update, 2, event);
            update.setLong(next, event.due().epoch());
            update.setLong(next + 1, event.due().sequence());
            return update.executeUpdate() > 0;
        }
    }

    private int bindVersion(PreparedStatement statement, int first, LoggedEvent event) throws SQLException {
        int next = id.bind(statement, first);
        statement.setString(next, event.aggregate());
        statement.setLong(next + 1, event.version().epoch());
        statement.setLong(next + 2, event.version().sequence());
        return next + 3;
    }

    Optional<LoggedEvent> find(Connection connection, String operationId) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT + OF_SIDE + " and operation_id = ?")) {
            select.setString(id.bind(select, 1), operationId);
            return read(select).stream().findFirst();
        }
    }

    boolean dismiss(Connection connection, String operationId, Dismissal dismissal) throws SQLException {
        return decide(connection, DECIDE + OPEN, operationId, dismissal, null);
    }

    boolean settle(Connection connection, String operationId, Dismissal how) throws SQLException {
        return decide(connection, DECIDE + DISMISSED, operationId, how, UtcTime.of(how.at()));
    }

    private boolean decide(
            Connection connection,
            String sql,
            String operationId,
            Dismissal decision,
            @Nullable LocalDateTime processedAt)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, decision.who());
            update.setString(2, decision.why());
            update.setObject(3, UtcTime.of(decision.at()));
            if (processedAt == null) {
                update.setNull(4, Types.TIMESTAMP);
            } else {
                update.setObject(4, processedAt);
            }
            update.setString(id.bind(update, 5), operationId);
            return update.executeUpdate() > 0;
        }
    }

    void reopen(Connection connection, LoggedEvent event, Version due) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("update migrate_event set due_epoch = ?, due_seq = ?,"
                        + " processed_at = null, decided_by = null, decided_why = null, decided_at = null"
                        + OF_VERSION)) {
            update.setLong(1, due.epoch());
            update.setLong(2, due.sequence());
            bindVersion(update, 3, event);
            update.executeUpdate();
        }
    }

    List<LoggedEvent> since(Connection connection, String aggregate, Instant moment, Version after, int limit)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT + OF_KEY
                + " and decided_at is null and (processed_at is null or occurred_at >= ?)"
                + " and (epoch > ? or (epoch = ? and seq > ?)) order by epoch, seq limit ?")) {
            int next = id.bind(select, 1);
            select.setString(next, aggregate);
            select.setObject(next + 1, UtcTime.of(moment));
            select.setInt(bindBound(select, next + 2, after), limit);
            return read(select);
        }
    }

    List<SideBooks.Key> aggregatesSince(Connection connection, Instant moment, @Nullable String after, int limit)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select record_key, min(segment) from migrate_event"
                + OF_SIDE + " and occurred_at >= ?" + (after == null ? "" : " and record_key > ?")
                + " group by record_key order by record_key limit ?")) {
            int next = id.bind(select, 1);
            select.setObject(next++, UtcTime.of(moment));
            if (after != null) {
                select.setString(next++, after);
            }
            select.setInt(next, limit);
            List<SideBooks.Key> found = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(new SideBooks.Key(rows.getString(1), rows.getInt(2)));
                }
            }
            return found;
        }
    }

    List<LoggedEvent> page(Connection connection, @Nullable LoggedEvent after, int limit) throws SQLException {
        String from = after == null
                ? ""
                : " and (record_key > ? or (record_key = ? and (epoch > ? or (epoch = ? and seq > ?))))";
        try (PreparedStatement select = connection.prepareStatement(
                SELECT + OF_SIDE + " and processed_at is null" + from + " order by record_key, epoch, seq limit ?")) {
            int next = id.bind(select, 1);
            if (after != null) {
                select.setString(next, after.aggregate());
                select.setString(next + 1, after.aggregate());
                next = bindBound(select, next + 2, after.version());
            }
            select.setInt(next, limit);
            return read(select);
        }
    }

    EventDebt debt(Connection connection, SegmentRange range) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select count(*), count(decided_at),"
                + " min(case when decided_at is null then occurred_at end) from migrate_event" + OF_SIDE
                + " and processed_at is null and segment >= ? and segment < ?")) {
            int next = id.bind(select, 1);
            select.setInt(next, range.from());
            select.setInt(next + 1, range.to());
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                long dismissed = rows.getLong(2);
                return new EventDebt(
                        rows.getLong(1) - dismissed,
                        dismissed,
                        Optional.ofNullable(rows.getObject(3, LocalDateTime.class))
                                .map(UtcTime::instant));
            }
        }
    }

    /** What was taken up again meanwhile is left. */
    int forget(Connection connection, Instant before, int limit) throws SQLException {
        int forgotten = 0;
        try (PreparedStatement select = connection.prepareStatement(
                        "select operation_id from migrate_event" + OF_SIDE
                                + " and processed_at is not null and occurred_at < ? order by occurred_at limit ? for update skip locked");
                PreparedStatement delete =
                        connection.prepareStatement("delete from migrate_event" + OF_SIDE + " and operation_id = ?")) {
            int next = id.bind(select, 1);
            select.setObject(next, UtcTime.of(before));
            select.setInt(next + 1, limit);
            try (ResultSet old = select.executeQuery()) {
                while (old.next()) {
                    delete.setString(id.bind(delete, 1), old.getString(1));
                    delete.addBatch();
                    forgotten++;
                }
            }
            if (forgotten > 0) {
                delete.executeBatch();
            }
        }
        return forgotten;
    }

    private static List<LoggedEvent> read(PreparedStatement select) throws SQLException {
        List<LoggedEvent> found = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                found.add(event(rows));
            }
        }
        return found;
    }

    private static LoggedEvent event(ResultSet row) throws SQLException {
        @Nullable LocalDateTime processedAt = row.getObject(11, LocalDateTime.class);
        @Nullable LocalDateTime decidedAt = row.getObject(14, LocalDateTime.class);
        return new LoggedEvent(
                row.getString(1),
                row.getString(2),
                row.getInt(3),
                row.getString(4),
                row.getBytes(5),
                new Version(row.getLong(6), row.getLong(7)),
                new Version(row.getLong(8), row.getLong(9)),
                UtcTime.instant(row.getObject(10, LocalDateTime.class)),
                processedAt == null ? null : UtcTime.instant(processedAt),
                decidedAt == null
                        ? null
                        : new Dismissal(row.getString(12), row.getString(13), UtcTime.instant(decidedAt)));
    }
}
