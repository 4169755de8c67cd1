package dev.migrate.jdbc;

import static dev.migrate.jdbc.Journal.OF_SIDE;

import dev.migrate.replay.Again;
import dev.migrate.replay.ReplayMark;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.Optional;

/** The statements on the mark of a replay. */
record ReplayRows(BookId id) {
    private static final String STANDS = OF_SIDE + " and replay_id = ? and after_key";

    Optional<ReplayMark> find(Connection connection, String lock) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select replay_id, since, again, after_key, asked_by from migrate_event_replay" + OF_SIDE + lock)) {
            id.bind(select, 1);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next()
                        ? Optional.of(new ReplayMark(
                                rows.getString(1),
                                UtcTime.instant(rows.getObject(2, LocalDateTime.class)),
                                Again.valueOf(rows.getString(3)),
                                rows.getString(4),
                                rows.getString(5)))
                        : Optional.empty();
            }
        }
    }

    /** Two that begin the first at the same moment: one finds the other's row, and fails. */
    ReplayMark begin(Connection connection, ReplayMark asked) throws SQLException {
        Optional<ReplayMark> present = find(connection, " for update");
        ReplayMark begun = present.map(asked::including).orElse(asked);
        String sql = present.isPresent()
                ? "update migrate_event_replay set replay_id = ?, since = ?, again = ?, asked_by = ?, after_key = null"
                        + OF_SIDE
                : "insert into migrate_event_replay (replay_id, since, again, asked_by, migration, records, side)"
                        + " values (?, ?, ?, ?, ?, ?, ?)";
        try (PreparedStatement put = connection.prepareStatement(sql)) {
            put.setString(1, begun.id());
            put.setObject(2, UtcTime.of(begun.from()));
            put.setString(3, begun.again().name());
            put.setString(4, begun.who());
            id.bind(put, 5);
            put.executeUpdate();
        }
        return begun;
    }

    boolean advance(Connection connection, ReplayMark mark, String after) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("update migrate_event_replay set after_key = ?" + STANDS + where(mark))) {
            update.setString(1, after);
            bind(update, 2, mark);
            return update.executeUpdate() > 0;
        }
    }

    boolean end(Connection connection, ReplayMark mark) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("delete from migrate_event_replay" + STANDS + where(mark))) {
            bind(delete, 1, mark);
            return delete.executeUpdate() > 0;
        }
    }

    private static String where(ReplayMark mark) {
        return mark.after() == null ? " is null" : " = ?";
    }

    private void bind(PreparedStatement statement, int first, ReplayMark mark) throws SQLException {
        int next = id.bind(statement, first);
        statement.setString(next, mark.id());
        if (mark.after() != null) {
            statement.setString(next + 1, mark.after());
        }
    }
}
