package dev.migrate.examples.samples;

import static dev.migrate.Stage.DUAL_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Migration;
import dev.migrate.ProgressLines;
import dev.migrate.Records;
import dev.migrate.backfill.Backfill;
import dev.migrate.backfill.BackfillReport;
import dev.migrate.backfill.PlannedChunk;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.jdbc.JdbcMigrationStore;
import dev.migrate.jdbc.JdbcRecords;
import dev.migrate.jdbc.JdbcTable;
import dev.migrate.jdbc.JoiningDataSource;
import dev.migrate.reconcile.RangePlan;
import dev.migrate.reconcile.RangeResult;
import dev.migrate.reconcile.RangedReconciliation;
import dev.migrate.reconcile.Reconciliation;
import dev.migrate.reconcile.ReconciliationReport;
import dev.migrate.reconcile.RowRange;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class RangesSampleTest {
    private static final JoiningDataSource LEGACY_DB = database();
    private static final JoiningDataSource TARGET_DB = database();

    private static JoiningDataSource database() {
        try {
            return new JoiningDataSource(Databases.withOrders());
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    // @start region="node"
    /** Built once in each JVM that works, and not sent along. */
    static final class WorkerNode {
        static final Migration ORDERS = Migration.named("orders")
                .store(new JdbcMigrationStore(LEGACY_DB))
                .build();
        static final Backfill BACKFILL = Backfill.of(ORDERS)
                .legacy(JdbcTable.of(LEGACY_DB, "orders"))
                .target(JdbcTable.of(TARGET_DB, "orders"))
                .chunkRows(100)
                .build();
        static final RangedReconciliation RECONCILIATION = Reconciliation.of(ORDERS)
                .legacy(JdbcTable.of(LEGACY_DB, "orders"))
                .target(JdbcTable.of(TARGET_DB, "orders"))
                .build()
                .ranged();

        static Iterator<PlannedChunk.Result> copy(Iterator<PlannedChunk> chunks) throws Exception {
            List<PlannedChunk.Result> results = new ArrayList<>();
            while (chunks.hasNext()) {
                results.add(BACKFILL.copy(chunks.next()));
            }
            return results.iterator();
        }

        static Iterator<RangeResult> compare(Iterator<RowRange> ranges) throws Exception {
            List<RangeResult> results = new ArrayList<>();
            while (ranges.hasNext()) {
                results.add(RECONCILIATION.compare(ranges.next()));
            }
            return results.iterator();
        }
    }
    // @end region="node"

    private static <T> List<T> collected(Iterator<T> items) {
        List<T> all = new ArrayList<>();
        items.forEachRemaining(all::add);
        return all;
    }

    @Test
    void rowsAreCopiedAndComparedInRanges() throws Exception {
        Orders legacyOrders = new Orders(LEGACY_DB);
        Orders targetOrders = new Orders(TARGET_DB);
        for (long id = 1; id <= 1_000; id++) {
            legacyOrders.save(new Order(id, "customer " + id, id));
        }
        Migration orders = Migration.named("orders")
                .store(new JdbcMigrationStore(LEGACY_DB))
                .build();
        try (orders;
                DualWriteRouter<Long, Order> router = DualWriteRouter.of(orders)
                        .legacy(JdbcRecords.joining(
                                LEGACY_DB, Records.of(legacyOrders::find, legacyOrders::save, legacyOrders::delete)))
                        .target(JdbcRecords.joining(
                                TARGET_DB, Records.of(targetOrders::find, targetOrders::save, targetOrders::delete)))
                        .key(Order::id)
                        .build()) {
            orders.moveTo(DUAL_WRITE, "wired");
            JdbcTable table = JdbcTable.of(LEGACY_DB, "orders");
            JdbcTable targetTable = JdbcTable.of(TARGET_DB, "orders");
            StringBuilder log = new StringBuilder();
            orders.addListener(ProgressLines.every(Duration.ofSeconds(30), log));
            Backfill backfill = Backfill.of(orders)
                    .legacy(table)
                    .target(targetTable)
                    .chunkRows(100)
                    .build();
            Reconciliation reconciliation =
                    Reconciliation.of(orders).legacy(table).target(targetTable).build();
            // @start region="chunks"
            List<PlannedChunk> chunks = backfill.plan();
            Iterator<PlannedChunk.Result> done = WorkerNode.copy(chunks.iterator()); // anywhere, in any number of parts
            BackfillReport copied = backfill.run(); // copies what was left, and ends it
            // @end region="chunks"
            assertThat(collected(done)).hasSize(10).containsOnly(PlannedChunk.Result.COPIED);
            assertThat(copied.rowsCopied()).isEqualTo(1_000);
            targetOrders.delete(8L);
            // @start region="ranges"
            RangePlan plan = reconciliation.ranged().plan(200);
            Iterator<RangeResult> results = WorkerNode.compare(plan.ranges().iterator()); // anywhere, too
            ReconciliationReport report = reconciliation.ranged().report(plan, collected(results));
            // @end region="ranges"
            assertThat(report.confirmed()).hasSize(1);
            // @start region="daily"
            String daily = reconciliation.daily(7, ZoneId.of("Europe/Berlin")).toText(); // or toJson()
            // @end region="daily"
            assertThat(daily).contains("1 passes, 0 clean, 1,000 rows compared");
            assertThat(log.toString().lines())
                    .anyMatch(line -> line.startsWith("backfill orders  100.0 %"))
                    .last()
                    .asString()
                    .startsWith("reconciliation orders  100.0 %")
                    .endsWith("1 differences");
            assertThat(router.debt().keys()).isZero();
        } finally {
            WorkerNode.ORDERS.close();
        }
    }
}
