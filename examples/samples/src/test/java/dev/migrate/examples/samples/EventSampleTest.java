package dev.migrate.examples.samples;

import static dev.migrate.Stage.DUAL_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.migrate.Migration;
import dev.migrate.jdbc.JdbcEventLogs;
import dev.migrate.jdbc.JdbcMigrationStore;
import dev.migrate.jdbc.JoiningDataSource;
import dev.migrate.replay.Again;
import dev.migrate.replay.Event;
import dev.migrate.replay.EventReplay;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class EventSampleTest {
    @Test
    void everyEvent_reachesTheOtherSide_inItsOrder() throws Exception {
        JoiningDataSource legacyDb = new JoiningDataSource(Databases.withOrders());
        JoiningDataSource targetDb = new JoiningDataSource(Databases.withOrders());
        Orders legacyOrders = new Orders(legacyDb);
        Orders targetOrders = new Orders(targetDb);
        List<String> mailed = new CopyOnWriteArrayList<>();
        Migration orders = Migration.named("orders")
                .store(new JdbcMigrationStore(legacyDb))
                .operator(() -> "ada")
                .build();
        // @start region="events"
        EventReplay<Long> events = EventReplay.of(orders)
                .<Long>legacy(JdbcEventLogs.joining(legacyDb), (id, event) -> mailed.add(event.operationId()))
                .target(
                        JdbcEventLogs.joining(targetDb),
                        (id, event) -> targetOrders.save(new Order(id, text(event.payload()), 0)))
                .build();
        // @end region="events"
        try (orders;
                events) {
            orders.moveTo(DUAL_WRITE, "wired");
            // @start region="append"
            String operation = events.within(7L, work -> {
                legacyOrders.save(new Order(7L, "acme", 4_200)); // one transaction with what follows
                return work.append(Event.of("OrderPlaced", bytes("acme")));
            });
            events.append(7L, Event.of("OrderRenamed", bytes("acme & sons"))); // never arrives before the first
            // @end region="append"
            await().until(() -> events.debt().isSettled());
            assertThat(targetOrders.find(7L)).hasValue(new Order(7L, "acme & sons", 0));
            assertThat(events.find(operation))
                    .hasValueSatisfying(event -> assertThat(event.processedAt()).isNotNull());

            Instant backup = Instant.EPOCH;
            targetOrders.delete(7L);
            // @start region="again"
            events.replayFrom(backup, Again.EVERY_EVENT); // the target was restored from its backup
            // @end region="again"
            await().until(() -> targetOrders.find(7L).isPresent()
                    && !events.isReplaying()
                    && events.debt().isSettled());
            assertThat(targetOrders.find(7L)).hasValue(new Order(7L, "acme & sons", 0));
            assertThat(mailed).isEmpty();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] payload) {
        return new String(payload, StandardCharsets.UTF_8);
    }
}
