package dev.migrate.jdbc;

import dev.migrate.Version;
import dev.migrate.side.Debt;
import dev.migrate.side.Intent;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The statements on intents that are the same in every dialect. */
record IntentRows(BookId id) {
    private static final String OF_SIDE = " from migrate_intent where migration = ? and records = ? and side = ?";

    /** An intent's version and key. */
    record Overdue(Version version, SideBooks.Key key) {}

    boolean remove(Connection connection, Intent intent) throws SQLException {
        return remove(connection, List.of(intent.version())) == 1;
    }

    /** Those whose deadline is over, locked; those that another session has locked are left to it. */
    List<Overdue> overdue(Connection connection, LocalDateTime now, int limit) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select epoch, seq, record_key, segment" + OF_SIDE
                + " and deadline <= ? order by deadline limit ? for update skip locked")) {
            int next = id.bind(select, 1);
            select.setObject(next, now);
            select.setInt(next + 1, limit);
            List<Overdue> found = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(new Overdue(
                            new Version(rows.getLong(1), rows.getLong(2)),
                            new SideBooks.Key(rows.getString(3), rows.getInt(4))));
                }
            }
            return found;
        }
    }

    /** Removes those that are still there; returns how many. */
    int remove(Connection connection, List<Version> versions) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("delete" + OF_SIDE + " and epoch = ? and seq = ?")) {
            int next = id.bind(delete, 1);
            int removed = 0;
            for (Version version : versions) {
                delete.setLong(next, version.epoch());
                delete.setLong(next + 1, version.sequence());
                removed += delete.executeUpdate();
            }
            return removed;
        }
    }

    boolean isBegun(Connection connection, String key) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select 1" + OF_SIDE + " and record_key = ?")) {
            select.setString(id.bind(select, 1), key);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }

    Debt debt(Connection connection, SegmentRange range) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select count(*), min(since)" + OF_SIDE + " and segment >= ? and segment < ?")) {
            int next = id.bind(select, 1);
            select.setInt(next, range.from());
            select.setInt(next + 1, range.to());
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                @Nullable LocalDateTime oldest = rows.getObject(2, LocalDateTime.class);
                return Debt.ofIntents(
                        rows.getLong(1), Optional.ofNullable(oldest).map(UtcTime::instant));
            }
        }
    }
}
