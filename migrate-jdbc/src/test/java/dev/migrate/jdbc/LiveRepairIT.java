package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.Migration;
import dev.migrate.Records;
import dev.migrate.Stage;
import dev.migrate.backfill.Backfill;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.jdbc.Orders.Order;
import dev.migrate.reconcile.Difference;
import dev.migrate.reconcile.Difference.Kind;
import dev.migrate.reconcile.Pass;
import dev.migrate.reconcile.Reconciliation;
import dev.migrate.reconcile.ReconciliationReport;
import dev.migrate.reconcile.RepairPolicy;
import dev.migrate.reconcile.RepairReport;
import dev.migrate.reconcile.RepairReport.Outcome;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes over a table of PostgreSQL that is written 500 times a second through a router report no difference that is not one, and every planted
 * one; a repair mends them, and each row of it can be put back.
 *
 * <p>By default with few rows, {@code migrate.live.passes} passes before anything is planted (1) and {@code migrate.live.rows} rows (1,000). The
 * whole of it: {@code mvn -Dmigrate.live.passes=10 -Dmigrate.live.rows=200000 -Dit.test=LiveRepairIT ... verify}.
 */
class LiveRepairIT {
    private static final Logger LOG = LoggerFactory.getLogger(LiveRepairIT.class);
    private static final int PASSES = Integer.getInteger("migrate.live.passes", 1);
    private static final int ROWS = Integer.getInteger("migrate.live.rows", 1_000);
    private static final int WRITERS = 4;
    private static final long PERIOD_MICROS = 8_000;
    private static final int PLANTED = 50;

    /** Keys that no client writes: what is planted there stays until it is repaired. */
    private static final long FIRST_PLANTED = 1_000_000;

    @Test
    void underWrites_nothingIsReportedThatIsEqual_andEachPlantedDifferenceIsFoundRepairedAndPutBack() throws Exception {
        try (TestDatabase legacyDatabase = TestDatabases.postgres();
                TestDatabase targetDatabase = TestDatabases.postgres();
                HikariDataSource legacyPool = JdbcSideBooksContract.pool(legacyDatabase);
                HikariDataSource targetPool = JdbcSideBooksContract.pool(targetDatabase)) {
            String table = "create table orders (id bigint primary key, content varchar(100))";
            legacyDatabase.execute(
                    table,
                    "insert into orders select n, 'n' || n from generate_series(1, " + ROWS + ") n",
                    "insert into orders select " + FIRST_PLANTED + " + n, 'p' || n from generate_series(1, " + PLANTED
                            + ") n");
            targetDatabase.execute(table);
            JoiningDataSource legacyDb = new JoiningDataSource(legacyPool);
            JoiningDataSource targetDb = new JoiningDataSource(targetPool);
            Orders legacy = new Orders(legacyDb, "orders");
            Orders target = new Orders(targetDb, "orders");
            try (Migration migration = Migration.named("orders")
                            .store(new JdbcMigrationStore(legacyDb))
                            .build();
                    DualWriteRouter<Long, Order> router = DualWriteRouter.of(migration)
                            .legacy(JdbcRecords.joining(
                                    legacyDb, Records.of(legacy::find, legacy::save, legacy::delete)))
                            .target(JdbcRecords.joining(
                                    targetDb, Records.of(target::find, target::save, target::delete)))
                            .key(Order::id)
                            .repairEvery(Duration.ofMillis(100))
                            .build();
                    JdbcTable from = JdbcTable.of(legacyDb, "orders");
                    JdbcTable to = JdbcTable.of(targetDb, "orders")) {
                migration.moveTo(Stage.DUAL_WRITE, "test");
                Backfill.of(migration).legacy(from).target(to).build().run();
                Reconciliation reconciliation = Reconciliation.of(migration)
                        .legacy(from)
                        .target(to)
                        .looks(40, Duration.ofMillis(50))
                        .build();
                AtomicLong written = new AtomicLong();
                ScheduledExecutorService clients = Executors.newScheduledThreadPool(WRITERS);
                try {
                    List<Future<?>> writing = write(clients, router, written);
                    new Live(reconciliation, written, targetDatabase).walk();
                    writing.forEach(writer -> assertThat(writer.isDone())
                            .as("a client has failed, or has ended")
                            .isFalse());
                } finally {
                    clients.shutdown();
                    assertThat(clients.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
                }
                while (!router.debt().isNone()) {
                    router.repair();
                }
                assertThat(target.all()).isEqualTo(legacy.all());
                assertThat(reconciliation.run().isClean()).isTrue();
                assertThat(router.parked(1)).isEmpty();
            }
        }
    }

    private static List<Future<?>> write(
            ScheduledExecutorService clients, DualWriteRouter<Long, Order> router, AtomicLong written) {
        List<Future<?>> writing = new ArrayList<>();
        for (int client = 0; client < WRITERS; client++) {
            Random random = new Random(client);
            writing.add(clients.scheduleAtFixedRate(
                    () -> {
                        long key = 1 + random.nextInt(ROWS);
                        if (random.nextInt(10) == 0) {
                            router.delete(key);
                        } else {
                            router.write(new Order(key, "w" + written.get()));
                        }
                        written.incrementAndGet();
                    },
                    client * PERIOD_MICROS / WRITERS,
                    PERIOD_MICROS,
                    TimeUnit.MICROSECONDS));
        }
        return writing;
    }

    private record Live(Reconciliation reconciliation, AtomicLong written, TestDatabase target) {
        void walk() throws Exception {
            long begun = System.nanoTime();
            for (int pass = 1; pass <= PASSES; pass++) {
                ReconciliationReport report = reconciliation.run();
                assertThat(report.confirmed())
                        .as("pass " + pass + ": " + report)
                        .isEmpty();
                assertThat(report.notLookedAtAgain()).isZero();
                LOG.info("pass {}: {}", pass, report);
            }
            Map<String, Kind> planted = plant();
            ReconciliationReport found = reconciliation.run();
            assertThat(kinds(found)).isEqualTo(planted);
            RepairReport repaired = repair(found);
            ReconciliationReport clean = reconciliation.run();
            assertThat(clean.isClean()).as(clean.toString()).isTrue();
            RepairReport undone = reconciliation.undo(repaired.run(), "to see that each can be put back");
            assertThat(undone.count(Outcome.UNDONE))
                    .as(undone.lines().toString())
                    .isEqualTo(PLANTED);
            ReconciliationReport again = reconciliation.run();
            assertThat(kinds(again)).isEqualTo(planted);
            repair(again);
            assertThat(reconciliation.run().isClean()).isTrue();
            assertThat(reconciliation.history(PASSES + 4))
                    .extracting(Pass::repaired)
                    .startsWith(0L, (long) PLANTED, 0L, (long) PLANTED);
            double seconds = (System.nanoTime() - begun) / 1e9;
            LOG.info("{} writes in {} s: {} a second", written, seconds, written.get() / seconds);
            assertThat(written.get()).isPositive();
        }

        private static RepairReport repair(ReconciliationReport found) throws Exception {
            RepairReport repaired = found.plan(RepairPolicy.AUTHORITATIVE_WINS).apply("planted");
            assertThat(repaired.count(Outcome.REPAIRED))
                    .as(repaired.lines().toString())
                    .isEqualTo(PLANTED);
            return repaired;
        }

        private static Map<String, Kind> kinds(ReconciliationReport report) {
            Map<String, Kind> kinds = new TreeMap<>();
            for (Difference difference : report.confirmed()) {
                kinds.put(difference.key(), difference.kind());
            }
            return kinds;
        }

        /** Twenty that are missing, twenty that differ, ten that are extra. */
        private Map<String, Kind> plant() throws SQLException {
            Map<String, Kind> planted = new TreeMap<>();
            for (int n = 1; n <= 40; n++) {
                long id = FIRST_PLANTED + n;
                boolean isMissing = n <= 20;
                target.execute(
                        isMissing
                                ? "delete from orders where id = " + id
                                : "update orders set content = 'planted' where id = " + id);
                planted.put("l:" + id, isMissing ? Kind.MISSING_IN_TARGET : Kind.DIFFERENT);
            }
            for (int n = 1; n <= PLANTED - 40; n++) {
                long id = FIRST_PLANTED + PLANTED + n;
                target.execute("insert into orders (id, content) values (" + id + ", 'extra')");
                planted.put("l:" + id, Kind.EXTRA_IN_TARGET);
            }
            return planted;
        }
    }
}
