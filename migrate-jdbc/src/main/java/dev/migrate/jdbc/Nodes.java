package dev.migrate.jdbc;

import dev.migrate.Node;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The statements on the nodes of a migration.
 *
 * <p>Leases are dated by one clock, the database's, whatever the nodes' own clocks say.
 */
final class Nodes {
    private static final Duration REMEMBERED = Duration.ofDays(1);

    private Nodes() {}

    /** The database's clock. */
    static Instant now(Connection connection, Dialect dialect) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("select " + dialect.utcNow())) {
            row.next();
            return UtcTime.instant(row.getObject(1, LocalDateTime.class));
        }
    }

    /** Keeps what a node says of itself, in one statement where it is known already. */
    static boolean renew(Connection connection, String migration, Node.Report report, Instant now, Duration lease)
            throws SQLException {
        return update(connection, migration, report, now, lease) || insert(connection, migration, report, now, lease);
    }

    private static boolean update(
            Connection connection, String migration, Node.Report report, Instant now, Duration lease)
            throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("update migrate_node set seen = ?, acknowledged = ?,"
                        + " stepping = ?, renewed_at = ?, leased_until = ? where migration = ? and node = ?")) {
            bind(update, report, now, lease);
            update.setString(6, migration);
            update.setString(7, report.node());
            return update.executeUpdate() > 0;
        }
    }

    private static boolean insert(
            Connection connection, String migration, Node.Report report, Instant now, Duration lease)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into migrate_node (seen, acknowledged,"
                + " stepping, renewed_at, leased_until, migration, node) values (?, ?, ?, ?, ?, ?, ?)")) {
            bind(insert, report, now, lease);
            insert.setString(6, migration);
            insert.setString(7, report.node());
            return insert.executeUpdate() > 0;
        }
    }

    private static void bind(PreparedStatement statement, Node.Report report, Instant now, Duration lease)
            throws SQLException {
        statement.setLong(1, report.seen());
        statement.setLong(2, report.acknowledged());
        statement.setBoolean(3, report.isStepping());
        statement.setObject(4, UtcTime.of(now));
        statement.setObject(5, UtcTime.of(now.plus(lease)));
    }

    static List<Node> of(Connection connection, String migration, Instant now) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select node, seen, acknowledged, stepping,"
                + " leased_until from migrate_node where migration = ? and leased_until > ?")) {
            select.setString(1, migration);
            select.setObject(2, UtcTime.of(now.minus(REMEMBERED)));
            List<Node> nodes = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    Instant until = UtcTime.instant(rows.getObject(5, LocalDateTime.class));
                    Node.Report report =
                            new Node.Report(rows.getString(1), rows.getLong(2), rows.getLong(3), rows.getBoolean(4));
                    nodes.add(new Node(report, until, now.isBefore(until)));
                }
            }
            nodes.sort(Comparator.comparing(Node::name));
            return List.copyOf(nodes);
        }
    }

    /** Forgets one node, or with null those whose lease ran out long ago. */
    static int forget(Connection connection, String migration, @Nullable String node, Instant now) throws SQLException {
        String which = node == null ? "leased_until <= ?" : "node = ?";
        try (PreparedStatement delete =
                connection.prepareStatement("delete from migrate_node where migration = ? and " + which)) {
            delete.setString(1, migration);
            delete.setObject(2, node == null ? UtcTime.of(now.minus(REMEMBERED)) : node);
            return delete.executeUpdate();
        }
    }
}
