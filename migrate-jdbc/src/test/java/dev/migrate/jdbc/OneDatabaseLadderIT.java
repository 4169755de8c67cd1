package dev.migrate.jdbc;

import static dev.migrate.Stage.DUAL_WRITE;
import static dev.migrate.Stage.LIVE;
import static dev.migrate.Stage.RAMP_DOWN;
import static dev.migrate.Stage.SHADOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.migrate.Migration;
import dev.migrate.Position;
import dev.migrate.Records;
import dev.migrate.Stage;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.jdbc.Orders.Order;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Both sides in one database, which keeps the store as well: their books must not touch, and a transaction of one is one of the other. */
class OneDatabaseLadderIT {
    private static final Duration LONG = Duration.ofSeconds(120);
    private static final int WRITERS = 3;
    private static final int KEYS = 40;

    static final List<TestServer> SERVERS = TestDatabases.servers();

    @ParameterizedTest
    @FieldSource("SERVERS")
    void everyAcknowledgedWrite_isInBothTables_afterTheLadderUpAndBackUnderLoad(TestServer server) throws Exception {
        try (SideFixture fixture = new SideFixture(server)) {
            fixture.database.execute(Orders.ddl("legacy_orders"), Orders.ddl("target_orders"));
            JoiningDataSource appDb = fixture.dataSource;
            Orders legacyOrders = new Orders(appDb, "legacy_orders");
            Orders targetOrders = new Orders(appDb, "target_orders");
            try (Migration orders = Migration.named("orders")
                            .store(new JdbcMigrationStore(appDb))
                            .stepBudget(LONG)
                            .build();
                    DualWriteRouter<Long, Order> router = DualWriteRouter.of(orders)
                            .legacy(JdbcRecords.joining(
                                    appDb, Records.of(legacyOrders::find, legacyOrders::save, legacyOrders::delete)))
                            .target(JdbcRecords.joining(
                                    appDb, Records.of(targetOrders::find, targetOrders::save, targetOrders::delete)))
                            .key(Order::id)
                            .longestWait(LONG)
                            .build()) {
                orders.moveTo(DUAL_WRITE, "test"); // before the first write: nothing is left to a backfill
                try (Load load = new Load(router)) {
                    for (Position position : List.of(
                            Position.of(SHADOW),
                            SHADOW.plusPercent(30),
                            Position.of(LIVE),
                            SHADOW.plusPercent(30),
                            Position.of(SHADOW),
                            Position.of(LIVE),
                            Position.of(RAMP_DOWN))) {
                        load.awaitMore();
                        orders.moveTo(position, "test");
                    }
                    load.awaitMore();
                    Map<Long, String> acknowledged = load.stop();
                    await().atMost(LONG).until(() -> router.debt().isNone());
                    assertThat(targetOrders.all()).isEqualTo(acknowledged);
                    assertThat(legacyOrders.all()).isEqualTo(acknowledged);
                }
                assertThat(orders.current().stage()).isEqualTo(Stage.RAMP_DOWN);
            }
        }
    }

    /** Writers, each of keys of its own, so that the last acknowledged value of each is known. */
    private static final class Load implements AutoCloseable {
        private final AtomicBoolean isOver = new AtomicBoolean();
        private final AtomicLong written = new AtomicLong();
        private final Map<Long, String> acknowledged = new ConcurrentHashMap<>();
        private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        private final List<Future<?>> writers = new ArrayList<>();

        Load(DualWriteRouter<Long, Order> router) {
            for (int writer = 0; writer < WRITERS; writer++) {
                long first = writer * 1_000L;
                Random random = new Random(writer);
                writers.add(threads.submit(() -> {
                    for (int i = 0; !isOver.get(); i++) {
                        write(router, first + random.nextInt(KEYS), random.nextInt(5), "value " + i);
                    }
                    return null;
                }));
            }
        }

        private void write(DualWriteRouter<Long, Order> router, long id, int kind, String content) {
            if (kind == 0) {
                router.delete(id);
                acknowledged.remove(id);
            } else if (kind == 1) {
                router.within(id, work -> {
                    Orders table = new Orders(null, work.side().name().toLowerCase(Locale.ROOT) + "_orders");
                    return table.saveOn(work.unwrap(Connection.class), new Order(id, content));
                });
                acknowledged.put(id, content);
            } else {
                router.write(new Order(id, content));
                acknowledged.put(id, content);
            }
            written.incrementAndGet();
        }

        void awaitMore() {
            long before = written.get();
            await().atMost(LONG).until(() -> {
                for (Future<?> writer : writers) {
                    if (writer.isDone()) {
                        writer.get();
                    }
                }
                return written.get() > before + 50;
            });
        }

        Map<Long, String> stop() throws Exception {
            isOver.set(true);
            for (Future<?> writer : writers) {
                writer.get();
            }
            return acknowledged;
        }

        @Override
        public void close() {
            isOver.set(true);
            threads.shutdown();
        }
    }
}
