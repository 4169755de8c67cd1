package dev.migrate.replay;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.side.SegmentRange;
import dev.migrate.store.InMemoryMigrationStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** Two logs in memory, a migration and a replay over them; the worker runs only when a test says so. */
final class ReplayFixture implements AutoCloseable {
    /** What a receiver does before it takes an event. */
    @FunctionalInterface
    interface Before {
        void receive(LoggedEvent event) throws Exception;
    }

    static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    final ConcurrentLinkedQueue<MigrationEvent> events = new ConcurrentLinkedQueue<>();
    final List<LoggedEvent> atTarget = new CopyOnWriteArrayList<>();
    final List<LoggedEvent> atLegacy = new CopyOnWriteArrayList<>();
    final Map<Side, EventLog> logs = new EnumMap<>(Side.class);
    volatile Before before = event -> {};
    final Migration migration;
    final EventReplay<String> replay;
    private final UnaryOperator<EventLog> altered;

    ReplayFixture() {
        this(UnaryOperator.identity());
    }

    ReplayFixture(UnaryOperator<EventLog> altered) {
        this.altered = altered;
        this.migration = Migration.named("orders")
                .store(new InMemoryMigrationStore())
                .operator(() -> "ada")
                .stepBudget(Duration.ofSeconds(60))
                .listener(events::add)
                .build();
        this.replay = newReplay();
    }

    /** Another replay over the same logs, as a node makes one when it starts. */
    EventReplay<String> newReplay() {
        return EventReplay.of(migration)
                .<String>legacy(this::log, (key, event) -> atLegacy.add(event))
                .target(this::log, (key, event) -> {
                    before.receive(event);
                    atTarget.add(event);
                })
                .parkAfter(2)
                .repairEvery(Duration.ofDays(1))
                .longestWait(Duration.ofSeconds(60))
                .build();
    }

    private EventLog log(String name, String records, Side side) {
        InstantSource source = InstantSource.system();
        return logs.computeIfAbsent(side, unused -> altered.apply(new InMemoryEventLog(source)));
    }

    /** Walks the ladder up to a stage. */
    ReplayFixture at(Stage stage) {
        while (migration.current().stage() != stage) {
            Stage now = migration.current().stage();
            boolean onward = now.compareTo(stage) < 0;
            migration.moveTo((onward ? now.next() : now.previous()).orElseThrow(), "test");
        }
        return this;
    }

    String append(String key, String id) {
        return append(key, id, NOW);
    }

    String append(String key, String id, Instant occurred) {
        Event event = Event.of("Happened", id.getBytes(StandardCharsets.UTF_8));
        return replay.append(key, event.operationId(id).occurredAt(occurred));
    }

    /** Takes up at once what is in a pause, and delivers. */
    int deliver() {
        for (EventLog log : logs.values()) {
            log.books().hasten(SegmentRange.ALL);
        }
        return replay.repair();
    }

    static List<String> ids(List<LoggedEvent> events) {
        return events.stream().map(LoggedEvent::operationId).toList();
    }

    List<String> received() {
        return ids(atTarget);
    }

    <E extends MigrationEvent> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public void close() {
        replay.close();
        migration.close();
    }
}
