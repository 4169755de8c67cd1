package dev.migrate.test;

import dev.migrate.MigrationEvent;
import dev.migrate.MigrationListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A listener that keeps every event in the order in which it came, for a test to look at. Thread-safe.
 *
 * <pre>{@code
 * RecordedEvents events = new RecordedEvents();
 * Migration orders = Migration.named("orders").store(store).listener(events).build();
 * orders.moveTo(Stage.DUAL_WRITE, "test");
 * assertThat(events.of(MigrationEvent.PositionChanged.class)).hasSize(1);
 * }</pre>
 */
public final class RecordedEvents implements MigrationListener {
    private final List<MigrationEvent> events = new CopyOnWriteArrayList<>();

    /** Creates an empty recording. */
    public RecordedEvents() {}

    @Override
    public void on(MigrationEvent event) {
        events.add(event);
    }

    /** All events so far, oldest first. */
    public List<MigrationEvent> all() {
        return List.copyOf(events);
    }

    /** The events of one type so far, oldest first. */
    public <E extends MigrationEvent> List<E> of(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Forgets what came so far. */
    public void clear() {
        events.clear();
    }

    @Override
    public String toString() {
        return events.toString();
    }
}
