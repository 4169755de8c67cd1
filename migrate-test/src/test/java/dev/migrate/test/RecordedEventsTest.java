package dev.migrate.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationEvent.PositionChanged;
import dev.migrate.Position;
import dev.migrate.Stage;
import dev.migrate.store.InMemoryMigrationStore;
import org.junit.jupiter.api.Test;

class RecordedEventsTest {
    @Test
    void keepsEventsInOrder_andGivesThemByType() {
        RecordedEvents events = new RecordedEvents();
        Migration orders = Migration.named("orders")
                .store(new InMemoryMigrationStore())
                .listener(events)
                .build();
        try (orders) {
            orders.moveTo(Stage.DUAL_WRITE, "test");
            events.on(new MigrationEvent.ShadowWorkDropped("orders", 1));
            orders.moveTo(Stage.SHADOW, "test");
        }
        Position dualWrite = Position.of(Stage.DUAL_WRITE);
        assertThat(events.of(PositionChanged.class))
                .containsExactly(
                        new PositionChanged("orders", Position.START, dualWrite, 2),
                        new PositionChanged("orders", dualWrite, Position.of(Stage.SHADOW), 3));
        assertThat(events.all()).hasSize(3).element(1).isInstanceOf(MigrationEvent.ShadowWorkDropped.class);
        assertThat(events).hasToString(events.all().toString());
        events.clear();
        assertThat(events.all()).isEmpty();
    }
}
