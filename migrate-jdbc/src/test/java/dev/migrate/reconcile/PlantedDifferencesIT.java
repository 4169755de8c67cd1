package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.migrate.MigrationEvent.ReconciliationProgress;
import dev.migrate.Side;
import dev.migrate.backfill.Backfill;
import dev.migrate.jdbc.TablePair;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import dev.migrate.reconcile.Difference.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Twenty differences of a table of eight columns, at its ends, at the ends of chunks and pages, and beside each other: each found, told for what it
 * is, and no other.
 *
 * <p>By default with {@code migrate.planted.rows} rows (20,000). The whole of it: {@code mvn -Pmariadb -Dmigrate.planted.rows=1000000
 * -Dit.test=PlantedDifferencesIT ... verify}.
 */
class PlantedDifferencesIT {
    private static final Logger LOG = LoggerFactory.getLogger(PlantedDifferencesIT.class);
    private static final int ROWS = Integer.getInteger("migrate.planted.rows", 20_000);
    private static final int PAGE_ROWS = 5_000;

    /** Legacy has the even keys, so that a row can be extra between any two of its rows. */
    private static final String FILLED =
            "INSERT INTO orders SELECT 2 * n, n::bigint * 7919 % 1000, (ARRAY['new','paid'])[1 + n % 2], n / 100.0, n % 50,"
                    + " CASE WHEN n % 17 > 0 THEN 'Ünï' || n || '@x' END, n % 3 = 0,"
                    + " timestamp '2020-01-01 00:00:00.123456' + n * interval '37 seconds' FROM generate_series(1, ?) n";

    private TablePair pair;
    private final List<Tuple> planted = new ArrayList<>();

    private enum Way {
        SIGNATURES,
        READING
    }

    static Stream<Arguments> ways() {
        TestServer postgres = server("postgresql").findFirst().orElseThrow();
        return Stream.concat(
                Stream.of(Way.values()).map(way -> Arguments.of(way, postgres)),
                server("mariadb").map(mariaDb -> Arguments.of(Way.READING, mariaDb)));
    }

    private static Stream<TestServer> server(String product) {
        return TestDatabases.servers().stream()
                .filter(server -> server.product().equals(product));
    }

    private static String table(TestServer server) {
        return "CREATE TABLE orders (id BIGINT PRIMARY KEY, customer BIGINT NOT NULL, status VARCHAR(20) NOT NULL,"
                + " amount DECIMAL(12, 2), quantity INT NOT NULL, email VARCHAR(60), paid BOOLEAN NOT NULL, created "
                + (server.product().equals("mariadb") ? "DATETIME(6)" : "TIMESTAMP(6)") + " NOT NULL)";
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("ways")
    void twentyDifferences_areFoundAndNamed_andNoOther(Way way, TestServer to) throws Exception {
        pair = TablePair.fromPostgres(to);
        try (TablePair closed = pair) {
            pair.execute(Side.LEGACY, table(server("postgresql").findFirst().orElseThrow()));
            pair.execute(Side.TARGET, table(to));
            pair.execute(Side.LEGACY, FILLED, ROWS);
            closed.dualWrite();
            Backfill.of(pair.migration)
                    .legacy(pair.legacy("orders"))
                    .target(pair.target("orders"))
                    .build()
                    .run();
            analyze(to);
            ReconciliationReport equal = compared(way);
            assertThat(equal.isClean()).as(equal.toString()).isTrue();
            assertThat(equal.rowsCompared()).isEqualTo(ROWS);
            assertThat(equal.rowsClearedBySignature()).isEqualTo(way == Way.SIGNATURES ? ROWS : 0);
            plant();
            ReconciliationReport report = compared(way);
            assertThat(report.confirmed())
                    .extracting(Difference::key, Difference::kind, difference -> Set.copyOf(difference.fields()))
                    .containsExactlyInAnyOrderElementsOf(planted);
            assertThat(planted).hasSize(20);
            assertThat(report.notLookedAtAgain()).isZero();
            requireCounted(way, report);
        }
    }

    private void analyze(TestServer to) throws Exception {
        pair.database(Side.LEGACY).execute("VACUUM ANALYZE orders");
        pair.database(Side.TARGET)
                .execute(to.product().equals("mariadb") ? "ANALYZE TABLE orders" : "VACUUM ANALYZE orders");
    }

    private ReconciliationReport compared(Way way) throws Exception {
        Reconciliation reconciliation = Reconciliation.of(pair.migration)
                .legacy(pair.legacy("orders"))
                .target(pair.target("orders"))
                .pageRows(PAGE_ROWS)
                .looks(2, Duration.ZERO)
                .signatures(way == Way.SIGNATURES)
                .build();
        long begun = System.nanoTime();
        ReconciliationReport report = reconciliation.run();
        double seconds = (System.nanoTime() - begun) / 1e9;
        LOG.info(
                "{}, {}: {} rows in {} s, {} a second, {} differences",
                pair,
                way,
                report.rowsCompared(),
                seconds,
                Math.round(report.rowsCompared() / seconds),
                report.confirmed().size());
        return report;
    }

    private void requireCounted(Way way, ReconciliationReport report) {
        assertThat(report.rowsCompared()).isEqualTo(ROWS + 5);
        if (way == Way.SIGNATURES) {
            assertThat(report.rowsClearedBySignature()).isBetween(ROWS / 4L, ROWS - 15L);
            assertThat(report.toString()).contains(report.rowsClearedBySignature() + " of them by signature");
        } else {
            assertThat(report.rowsClearedBySignature()).isZero();
        }
        assertThat(pair.events)
                .filteredOn(ReconciliationProgress.class::isInstance)
                .last()
                .isInstanceOfSatisfying(ReconciliationProgress.class, last -> {
                    assertThat(last.rows()).isEqualTo(ROWS + 5);
                    assertThat(last.clearedBySignature()).isEqualTo(report.rowsClearedBySignature());
                });
    }

    private void plant() throws Exception {
        long chunk = SignedRanges.CHUNK_ROWS;
        long middle = ROWS / 2L;
        differ(1, "customer = customer + 4294967296", "customer");
        differ(ROWS, "created = created + INTERVAL '0.000001' SECOND", "created");
        differ(chunk, "amount = -amount", "amount");
        differ(chunk + 1, "paid = NOT paid", "paid");
        differ(PAGE_ROWS, "status = 'Paid'", "status");
        differ(PAGE_ROWS + 1, "quantity = quantity + 1", "quantity");
        differ(17 * 171, "email = ''", "email"); // was NULL
        differ(17 * 171 + 1, "email = NULL", "email");
        differ(17 * 171 + 2, "email = CONCAT(email, ' ')", "email");
        differ(middle, "amount = amount + 0.01, status = 'lost'", "amount", "status");
        for (long row : List.of(2L, chunk - 1, chunk + 2, middle + 1, ROWS - 1L)) {
            change("DELETE FROM orders", row);
            planted.add(tuple(key(2 * row), Kind.MISSING_IN_TARGET, Set.of()));
        }
        for (long row : List.of(0L, (long) PAGE_ROWS, chunk, middle + 1, (long) ROWS)) {
            long id = 2 * row + 1;
            pair.execute(
                    Side.TARGET,
                    "INSERT INTO orders VALUES (?, 1, 'new', 1, 1, NULL, TRUE, '2020-01-01 00:00:00')",
                    id);
            planted.add(tuple(key(id), Kind.EXTRA_IN_TARGET, Set.of()));
        }
    }

    private void differ(long row, String change, String... fields) throws Exception {
        change("UPDATE orders SET " + change, row);
        planted.add(tuple(key(2 * row), Kind.DIFFERENT, Stream.of(fields).collect(Collectors.toSet())));
    }

    private void change(String sql, long row) throws Exception {
        assertThat(pair.execute(Side.TARGET, sql + " WHERE id = ?", 2 * row)).isOne();
    }

    private static String key(long id) {
        return "l:" + id;
    }
}
