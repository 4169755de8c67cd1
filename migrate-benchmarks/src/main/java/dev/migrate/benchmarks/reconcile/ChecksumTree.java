package dev.migrate.benchmarks.reconcile;

import dev.migrate.benchmarks.table.OrderDatabases;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import javax.sql.DataSource;

/**
 * Our own rendering of the method of pg_comparator, which is a program of its own and not run here: on either side a table of checksums of
 * keys and rows, above it tables of their sums by ever fewer bits of the key's checksum, seven fewer each, and from the top down only what
 * differs is looked into. Checksums are halves of md5 over texts.
 */
final class ChecksumTree {
    private static final int FOLD = 7;
    private static final int LEVELS = 3;
    private static final String LEAVES = "CREATE TEMP TABLE level0 AS SELECT id,"
            + " ('x' || substr(md5(id::text), 1, 16))::bit(64)::bigint AS k,"
            + " ('x' || substr(md5(concat_ws('|', id, customer, status, coalesce(amount::text, 'null'), quantity,"
            + " coalesce(email, 'null'), paid, created)), 1, 16))::bit(64)::bigint AS c FROM orders";

    private ChecksumTree() {}

    private record Sum(long rows, String sum) {}

    /** How many rows differ or are in one of the tables only. */
    static int differing(OrderDatabases databases, ExecutorService threads) throws Exception {
        try (Connection legacy = databases.legacy().getConnection();
                Connection target = databases.target().getConnection()) {
            int bits = bits(databases.legacy());
            ReconcileWorld.both(threads, List.of(() -> build(legacy, bits), () -> build(target, bits)));
            Set<Long> open = Set.of(0L);
            int above = 0;
            for (int level = LEVELS; level >= 1; level--) {
                int mask = Math.max(0, bits - FOLD * level);
                open = differing(sums(legacy, level, above, open), sums(target, level, above, open));
                above = mask;
            }
            int rows = differing(leaves(legacy, above, open), leaves(target, above, open))
                    .size();
            build(legacy, -1);
            build(target, -1);
            return rows;
        }
    }

    /** As many as there are keys. */
    private static int bits(DataSource database) throws SQLException {
        long rows = Long.parseLong(OrderDatabases.value(database, "SELECT count(*) FROM orders"));
        return Long.SIZE - Long.numberOfLeadingZeros(rows);
    }

    /** The tables of one side; takes them away where the number of bits is below zero. */
    private static boolean build(Connection connection, int bits) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (int level = 0; level <= LEVELS; level++) {
                statement.execute("DROP TABLE IF EXISTS level" + level);
            }
            if (bits >= 0) {
                statement.execute(LEAVES);
                for (int level = 1; level <= LEVELS; level++) {
                    long mask = (1L << Math.max(0, bits - FOLD * level)) - 1;
                    statement.execute("CREATE TEMP TABLE level" + level + " AS SELECT k & " + mask + " AS k, "
                            + (level == 1 ? "count(*)" : "sum(n)") + " AS n, sum(c) AS c FROM level" + (level - 1)
                            + " GROUP BY 1");
                }
            }
            return true;
        }
    }

    private static Map<Long, Sum> sums(Connection connection, int level, int bitsAbove, Set<Long> open)
            throws SQLException {
        return read(connection, "SELECT k, n, c::text FROM level" + level, bitsAbove, open);
    }

    private static Map<Long, Sum> leaves(Connection connection, int bitsAbove, Set<Long> open) throws SQLException {
        return read(connection, "SELECT id, 1, c::text FROM level0", bitsAbove, open);
    }

    private static Map<Long, Sum> read(Connection connection, String select, int bitsAbove, Set<Long> open)
            throws SQLException {
        Map<Long, Sum> found = new HashMap<>();
        try (PreparedStatement statement =
                connection.prepareStatement(select + " WHERE k & " + ((1L << bitsAbove) - 1) + " = ANY (?)")) {
            statement.setArray(1, connection.createArrayOf("bigint", open.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.put(rows.getLong(1), new Sum(rows.getLong(2), rows.getString(3)));
                }
            }
        }
        return found;
    }

    private static Set<Long> differing(Map<Long, Sum> one, Map<Long, Sum> other) {
        Set<Long> differing = new HashSet<>();
        one.forEach((key, sum) -> {
            if (!sum.equals(other.get(key))) {
                differing.add(key);
            }
        });
        other.keySet().stream().filter(key -> !one.containsKey(key)).forEach(differing::add);
        return differing;
    }
}
