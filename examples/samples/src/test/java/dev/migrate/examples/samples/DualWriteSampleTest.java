package dev.migrate.examples.samples;

import static dev.migrate.Side.LEGACY;
import static dev.migrate.Stage.DUAL_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.migrate.Migration;
import dev.migrate.Records;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.dualwrite.Guarantee;
import dev.migrate.jdbc.JdbcMigrationStore;
import dev.migrate.jdbc.JdbcRecords;
import dev.migrate.jdbc.JoiningDataSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class DualWriteSampleTest {
    private final AtomicLong ids = new AtomicLong();

    @Test
    void ordersMoveToAnotherDatabase() throws Exception {
        DataSource legacyPool = Databases.withOrders();
        DataSource targetPool = Databases.withOrders();
        // @start region="wiring"
        DataSource legacyDb =
                new JoiningDataSource(legacyPool); // repositories that use it join the running transaction
        DataSource targetDb = new JoiningDataSource(targetPool);
        Orders legacyOrders = new Orders(legacyDb);
        Orders targetOrders = new Orders(targetDb);

        Migration orders = Migration.named("orders")
                .store(new JdbcMigrationStore(legacyDb))
                .build();
        DualWriteRouter<Long, Order> router = DualWriteRouter.of(orders)
                .legacy(JdbcRecords.joining(
                        legacyDb, Records.of(legacyOrders::find, legacyOrders::save, legacyOrders::delete)))
                .target(JdbcRecords.joining(
                        targetDb, Records.of(targetOrders::find, targetOrders::save, targetOrders::delete)))
                .key(Order::id)
                .newKey(order -> order.withId(ids.incrementAndGet()))
                .build();
        // @end region="wiring"
        try (orders;
                router) {
            assertThat(router.guarantee()).isEqualTo(Guarantee.EXACT);
            // @start region="use"
            orders.moveTo(DUAL_WRITE, "target schema is live");

            Order saved = router.write(new Order(null, "acme", 4_200)); // legacy answers; the target is owed a copy
            Optional<Order> found = router.read(saved.id());
            List<Order> large = router.query(
                    side -> side == LEGACY ? legacyOrders.findLargerThan(1_000) : targetOrders.findLargerThan(1_000));
            // @end region="use"
            assertThat(found).hasValue(saved);
            assertThat(large).containsExactly(saved);
            await().until(() -> router.debt().isNone());
            assertThat(targetOrders.find(saved.id())).hasValue(saved);
        }
    }
}
