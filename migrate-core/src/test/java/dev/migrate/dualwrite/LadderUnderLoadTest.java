package dev.migrate.dualwrite;

import static dev.migrate.dualwrite.RouterFixture.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.migrate.MigrationEvent.HandoverCompleted;
import dev.migrate.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Clients write and read their own keys while the migration walks up the ladder and back, twice. */
class LadderUnderLoadTest {
    private static final int CLIENTS = 4;
    private static final int KEYS = 200;

    @Test
    void noAcknowledgedWriteIsLostOrReadStale() throws Exception {
        // Dual writing begins before the first row: there is no backfill here.
        try (RouterFixture fixture = new RouterFixture().at(Stage.DUAL_WRITE)) {
            ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
            Map<Long, String> acknowledged = new ConcurrentHashMap<>();
            var running = new java.util.concurrent.atomic.AtomicBoolean(true);
            List<Future<Integer>> results = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                long first = (long) client * KEYS;
                Random random = new Random(client);
                results.add(clients.submit(() -> {
                    int writes = 0;
                    while (running.get()) {
                        long key = first + random.nextInt(KEYS);
                        assertThat(fixture.router
                                        .read(key)
                                        .map(MapRecords.Item::text)
                                        .orElse("none"))
                                .isEqualTo(acknowledged.getOrDefault(key, "none"));
                        if (random.nextInt(10) == 0) {
                            fixture.router.delete(key);
                            acknowledged.remove(key);
                        } else {
                            String text = "w" + writes;
                            fixture.router.write(item(key, text));
                            acknowledged.put(key, text);
                        }
                        writes++;
                    }
                    return writes;
                }));
            }
            for (int walk = 0; walk < 2; walk++) {
                fixture.at(Stage.SHADOW);
                for (double share : new double[] {5, 25, 50}) {
                    fixture.migration.moveTo(Stage.SHADOW.plusPercent(share), "test");
                }
                fixture.at(Stage.RAMP_DOWN).at(Stage.LIVE);
                fixture.migration.moveTo(Stage.SHADOW.plusPercent(30), "back");
                fixture.migration.moveTo(dev.migrate.Position.of(Stage.SHADOW), "back");
            }
            fixture.at(Stage.LIVE);
            running.set(false);
            for (Future<Integer> result : results) {
                assertThat(result.get()).isPositive();
            }
            clients.shutdown();
            await().until(() ->
                    fixture.router.repair() >= 0 && fixture.router.debt().isNone());
            Map<Long, String> target = new ConcurrentHashMap<>();
            fixture.target.rows.forEach((key, item) -> target.put(key, item.text()));
            assertThat(target).isEqualTo(acknowledged);
            assertThat(fixture.legacy.rows).isEqualTo(fixture.target.rows);
            assertThat(fixture.events(HandoverCompleted.class)).hasSize(13);
        }
    }
}
