package dev.migrate.examples.samples;

import static dev.migrate.Stage.DUAL_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.migrate.Migration;
import dev.migrate.Records;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.jdbc.JdbcMigrationStore;
import dev.migrate.jdbc.JdbcRecords;
import dev.migrate.jdbc.JoiningDataSource;
import dev.migrate.side.Debt;
import dev.migrate.side.Owed;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class OwedSampleTest {
    @Test
    void aPersonDecidesOfAKeyThatTheTargetRefuses() throws Exception {
        JoiningDataSource legacyDb = new JoiningDataSource(Databases.withOrders());
        JoiningDataSource targetDb = new JoiningDataSource(Databases.withOrders());
        Orders legacyOrders = new Orders(legacyDb);
        Orders targetOrders = new Orders(targetDb);
        AtomicBoolean isRefused = new AtomicBoolean(true);
        Migration orders = Migration.named("orders")
                .store(new JdbcMigrationStore(legacyDb))
                .operator(() -> "ada")
                .build();
        try (orders;
                DualWriteRouter<Long, Order> router = DualWriteRouter.of(orders)
                        .legacy(JdbcRecords.joining(
                                legacyDb, Records.of(legacyOrders::find, legacyOrders::save, legacyOrders::delete)))
                        .target(JdbcRecords.joining(
                                targetDb,
                                Records.of(
                                        targetOrders::find,
                                        order -> {
                                            if (isRefused.get()) {
                                                throw new SQLException("value too long for the column");
                                            }
                                            return targetOrders.save(order);
                                        },
                                        targetOrders::delete)))
                        .key(Order::id)
                        .parkAfter(2)
                        .repairEvery(Duration.ofMillis(50))
                        .build()) {
            orders.moveTo(DUAL_WRITE, "wired");
            router.write(new Order(1L, "acme", 1)); // legacy answers, whatever becomes of the target
            router.write(new Order(2L, "initech", 1));
            await().until(() -> router.debt().parked() == 2);

            // @start region="owed"
            Debt debt = router.debt(); // how many keys are owed and parked, and since when
            for (Owed parked : router.parked(100)) {
                Long id = router.keyOf(parked);
                if (legacyOrders.find(id).isPresent()) {
                    router.retry(id); // once the cause is mended
                }
            }
            // @end region="owed"
            assertThat(debt.keys()).isEqualTo(2);
            await().until(() -> router.debt().parked() == 2);
            // @start region="dismiss"
            router.dismiss(2L, "INC-7: a customer of the tests"); // not tried any more, but bars a handover of its keys
            // @end region="dismiss"
            assertThat(router.debt().keys()).isEqualTo(1);
            assertThat(router.dismissed(10)).hasSize(1);

            isRefused.set(false);
            router.retry(1L);
            router.write(new Order(2L, "initech", 2)); // a write ends the dismissal
            await().until(() -> router.debt().isSettled());
            assertThat(targetOrders.find(1L)).hasValue(new Order(1L, "acme", 1));
            assertThat(targetOrders.find(2L)).hasValue(new Order(2L, "initech", 2));
        }
    }
}
