package dev.migrate.jdbc;

import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks.SegmentRole;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The roles of a range of segments as they stand, while they are locked.
 *
 * @param present the segments that have a row
 * @param latestEpoch the greatest epoch among them; 0 where there is none
 */
record RoleRows(BitSet present, long latestEpoch) {
    private static final String WHERE =
            " from migrate_role where migration = ? and records = ? and side = ? and segment >= ? and segment < ?"
                    + " order by segment";

    /** Reads them, locking each row by the given clause. */
    static RoleRows lock(Connection connection, BookId id, SegmentRange range, String lockClause) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select segment, epoch" + WHERE + lockClause)) {
            bindRange(select, id.bind(select, 1), range);
            BitSet present = new BitSet();
            long latest = 0;
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    present.set(rows.getInt(1));
                    latest = Math.max(latest, rows.getLong(2));
                }
            }
            return new RoleRows(present, latest);
        }
    }

    /** Every role there is, without a lock. */
    static List<SegmentRole> read(Connection connection, BookId id) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select segment, role, journalled, epoch" + WHERE)) {
            bindRange(select, id.bind(select, 1), SegmentRange.ALL);
            List<SegmentRole> roles = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    roles.add(new SegmentRole(
                            rows.getInt(1), Role.valueOf(rows.getString(2)), rows.getBoolean(3), rows.getLong(4)));
                }
            }
            return roles;
        }
    }

    /** Whether a segment may be read here: it is not the shadow's. */
    static boolean isReadable(Connection connection, BookId id, int segment) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select role" + WHERE)) {
            bindRange(select, id.bind(select, 1), new SegmentRange(segment, segment + 1));
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() && Role.valueOf(rows.getString(1)) != Role.SHADOW;
            }
        }
    }

    /** Gives the whole range a role: one statement for the rows there are, one batch for those that are missing. */
    void assign(Connection connection, BookId id, SegmentRange range, Role role, boolean journalled, long epoch)
            throws SQLException {
        if (!present.isEmpty()) {
            update(connection, id, range, role, journalled, epoch);
        }
        if (present.cardinality() < range.size()) {
            insertMissing(connection, id, range, role, journalled, epoch);
        }
    }

    private static void update(
            Connection connection, BookId id, SegmentRange range, Role role, boolean journalled, long epoch)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update migrate_role set role = ?, journalled = ?,"
                + " epoch = ? where migration = ? and records = ? and side = ? and segment >= ? and segment < ?")) {
            update.setString(1, role.name());
            update.setBoolean(2, journalled);
            update.setLong(3, epoch);
            bindRange(update, id.bind(update, 4), range);
            update.executeUpdate();
        }
    }

    private void insertMissing(
            Connection connection, BookId id, SegmentRange range, Role role, boolean journalled, long epoch)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into migrate_role"
                + " (migration, records, side, segment, role, journalled, epoch) values (?, ?, ?, ?, ?, ?, ?)")) {
            id.bind(insert, 1);
            insert.setString(5, role.name());
            insert.setBoolean(6, journalled);
            insert.setLong(7, epoch);
            for (int segment = present.nextClearBit(range.from());
                    segment < range.to();
                    segment = present.nextClearBit(segment + 1)) {
                insert.setInt(4, segment);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void bindRange(PreparedStatement statement, int first, SegmentRange range) throws SQLException {
        statement.setInt(first, range.from());
        statement.setInt(first + 1, range.to());
    }
}
