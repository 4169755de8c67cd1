package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.migrate.Side;
import dev.migrate.backfill.Backfill;
import dev.migrate.jdbc.TablePair;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import dev.migrate.reconcile.Difference.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Twenty differences of a table, from one product to another: each found, told for what it is, and no other. */
class AcrossDatabasesIT {
    private static final int ROWS = 400;
    private static final LocalDateTime FIRST = LocalDateTime.of(2024, 2, 29, 23, 59, 59, 123_456_000);
    private TablePair pair;

    static Stream<Arguments> pairsOfServers() {
        List<TestServer> servers = TestDatabases.servers();
        return servers.stream()
                .flatMap(one -> servers.stream().filter(other -> other != one).map(other -> Arguments.of(one, other)));
    }

    private static String table(TestServer server) {
        String at = server.product().equals("mariadb") ? "DATETIME(6)" : "TIMESTAMP(6)";
        return "CREATE TABLE orders (region INT, nr BIGINT, email VARCHAR(60), amount DECIMAL(12, 2), at " + at
                + ", paid BOOLEAN, PRIMARY KEY (region, nr))";
    }

    private void fill() throws Exception {
        try (Connection connection = pair.db(Side.LEGACY).newConnection();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?)")) {
            for (int row = 1; row <= ROWS; row++) {
                insert.setInt(1, row % 7 - 3);
                insert.setLong(2, row * 10_007L);
                insert.setString(3, row % 5 == 0 ? null : "Ünï" + row + "@x ");
                insert.setBigDecimal(4, java.math.BigDecimal.valueOf(row * 37L - 5_000, 2));
                insert.setObject(5, FIRST.plusSeconds(row));
                insert.setBoolean(6, row % 2 == 0);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    @ParameterizedTest
    @MethodSource("pairsOfServers")
    void twentyDifferences_areFoundAndNamed_andNoOther(TestServer from, TestServer to) throws Exception {
        pair = new TablePair(from, to);
        try (TablePair closed = pair) {
            pair.execute(Side.LEGACY, table(from));
            pair.execute(Side.TARGET, table(to));
            closed.dualWrite();
            fill();
            Backfill.of(pair.migration)
                    .legacy(pair.legacy("orders"))
                    .target(pair.target("orders"))
                    .build()
                    .run();
            assertThat(compared().isClean()).isTrue();
            List<Tuple> planted = plant();
            assertThat(planted).hasSize(20);
            ReconciliationReport report = compared();
            assertThat(report.confirmed())
                    .extracting(
                            Difference::key,
                            Difference::kind,
                            difference -> difference.fields().stream()
                                    .map(String::toLowerCase)
                                    .collect(Collectors.toSet()))
                    .containsExactlyInAnyOrderElementsOf(planted);
            assertThat(report.rowsCompared()).isEqualTo(ROWS);
        }
    }

    private ReconciliationReport compared() throws Exception {
        return Reconciliation.of(pair.migration)
                .legacy(pair.legacy("orders"))
                .target(pair.target("orders"))
                .pageRows(50)
                .looks(2, Duration.ZERO)
                .build()
                .run();
    }

    private List<Tuple> plant() throws Exception {
        List<Tuple> planted = new ArrayList<>();
        List<String> changes = List.of(
                "email = 'Uni'",
                "amount = amount + 0.01",
                "at = '2024-02-29 23:59:59.123455'",
                "paid = NULL",
                "email = NULL, amount = -amount");
        List<Set<String>> fields =
                List.of(Set.of("email"), Set.of("amount"), Set.of("at"), Set.of("paid"), Set.of("email", "amount"));
        for (int nth = 0; nth < 10; nth++) {
            int row = 11 + nth * 35; // none whose email is NULL
            int change = nth % changes.size();
            change(Side.TARGET, "UPDATE orders SET " + changes.get(change), row);
            planted.add(tuple(key(row), Kind.DIFFERENT, fields.get(change)));
        }
        for (int nth = 0; nth < 5; nth++) {
            int missing = 12 + nth * 75;
            int extra = nth == 0 ? ROWS : 13 + nth * 75;
            change(Side.TARGET, "DELETE FROM orders", missing);
            planted.add(tuple(key(missing), Kind.MISSING_IN_TARGET, Set.of()));
            change(Side.LEGACY, "DELETE FROM orders", extra);
            planted.add(tuple(key(extra), Kind.EXTRA_IN_TARGET, Set.of()));
        }
        return planted;
    }

    private void change(Side side, String sql, int row) throws Exception {
        assertThat(pair.execute(side, sql + " WHERE region = ? AND nr = ?", row % 7 - 3, row * 10_007L))
                .isOne();
    }

    private static String key(int row) {
        String region = "l:" + (row % 7 - 3);
        String nr = "l:" + row * 10_007L;
        return "c:2," + region.length() + ":" + region + "," + nr.length() + ":" + nr;
    }
}
