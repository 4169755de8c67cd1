package dev.migrate.examples.samples;

import static dev.migrate.Percent.percent;
import static dev.migrate.Stage.DUAL_WRITE;
import static dev.migrate.Stage.LIVE;
import static dev.migrate.Stage.SHADOW;
import static dev.migrate.reconcile.RepairPolicy.AUTHORITATIVE_WINS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Migration;
import dev.migrate.Records;
import dev.migrate.backfill.Backfill;
import dev.migrate.backfill.BackfillReport;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.jdbc.JdbcMigrationStore;
import dev.migrate.jdbc.JdbcRecords;
import dev.migrate.jdbc.JdbcTable;
import dev.migrate.jdbc.JoiningDataSource;
import dev.migrate.preflight.Preflight;
import dev.migrate.preflight.PreflightReport;
import dev.migrate.reconcile.Reconciliation;
import dev.migrate.reconcile.ReconciliationReport;
import dev.migrate.rollout.Guard;
import dev.migrate.rollout.Rollout;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MoveSampleTest {
    @Test
    void whatExistedIsCopiedProvedAndRolledOut() throws Exception {
        JoiningDataSource legacyDb = new JoiningDataSource(Databases.withOrders());
        JoiningDataSource targetDb = new JoiningDataSource(Databases.withOrders());
        Orders legacyOrders = new Orders(legacyDb);
        Orders targetOrders = new Orders(targetDb);
        for (long id = 1; id <= 1_000; id++) {
            legacyOrders.save(new Order(id, "customer " + id, id));
        }
        Migration orders = Migration.named("orders")
                .store(new JdbcMigrationStore(legacyDb))
                .build();
        try (orders;
                DualWriteRouter<Long, Order> router = DualWriteRouter.of(orders)
                        .legacy(JdbcRecords.joining(
                                legacyDb, Records.of(legacyOrders::find, legacyOrders::save, legacyOrders::delete)))
                        .target(JdbcRecords.joining(
                                targetDb, Records.of(targetOrders::find, targetOrders::save, targetOrders::delete)))
                        .key(Order::id)
                        .build()) {
            orders.moveTo(DUAL_WRITE, "wired");
            // @start region="tables"
            JdbcTable table = JdbcTable.of(legacyDb, "orders");
            JdbcTable targetTable = JdbcTable.of(targetDb, "orders");
            // @end region="tables"
            // @start region="preflight"
            Preflight preflight =
                    Preflight.of(orders).legacy(table).target(targetTable).build();
            PreflightReport found = preflight.run(); // names the rows that the target would refuse or change
            // @end region="preflight"
            assertThat(found.isClean()).isTrue();
            // @start region="backfill"
            Backfill backfill =
                    Backfill.of(orders).legacy(table).target(targetTable).build();
            BackfillReport copied = backfill.run(); // run again after a crash: it resumes
            // @end region="backfill"
            assertThat(copied.rowsCopied()).isEqualTo(1_000);
            targetOrders.save(new Order(7L, "somebody else", 7));
            targetOrders.delete(8L);
            // @start region="reconcile"
            Reconciliation reconciliation =
                    Reconciliation.of(orders).legacy(table).target(targetTable).build();
            ReconciliationReport report = reconciliation.run();
            report.plan(AUTHORITATIVE_WINS).apply("INC-7"); // row by row, if still true
            // @end region="reconcile"
            assertThat(report.confirmed()).hasSize(2);
            assertThat(reconciliation.run()).matches(ReconciliationReport::isClean);
            // @start region="rollout"
            Rollout rollout = Rollout.of(orders)
                    .step(SHADOW)
                    .gate(backfill.done())
                    .gate(reconciliation.clean())
                    .step(SHADOW.plusPercent(5))
                    .step(SHADOW.plusPercent(50))
                    .step(LIVE)
                    .guard(Guard.errorRate().notWorseThanLegacyBy(percent(1)))
                    .eachFor(Duration.ofHours(24))
                    .build();
            // @end region="rollout"
            try (rollout) {
                rollout.look();
                assertThat(orders.current().stage()).isEqualTo(SHADOW);
                router.write(new Order(2_000L, "new", 1));
                assertThat(router.read(2_000L)).isPresent();
            }
        }
    }
}
