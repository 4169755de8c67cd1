package dev.migrate.rollout;

import static dev.migrate.Percent.percent;
import static dev.migrate.Stage.DUAL_WRITE;
import static dev.migrate.Stage.LIVE;
import static dev.migrate.Stage.SHADOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationEvent.RolloutAdvanced;
import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.store.InMemoryMigrationStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A migration whose days a test turns, and rollouts of it. */
abstract class RolloutFixture {
    static final Duration DAY = Duration.ofHours(24);
    volatile Instant now = Instant.parse("2030-01-01T00:00:00Z");
    final InstantSource time = () -> now;
    final InMemoryMigrationStore store = new InMemoryMigrationStore(time);
    final List<MigrationEvent> events = Collections.synchronizedList(new ArrayList<>());
    final Migration orders = migration();
    final List<AutoCloseable> open = new ArrayList<>(List.of(orders));

    Migration migration() {
        return Migration.named("orders")
                .store(store)
                .time(time)
                .operator(() -> "ada")
                .listener(events::add)
                .build();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    Rollout built(RolloutBuilder<?> builder) {
        Rollout rollout = builder.build();
        open.add(rollout);
        return rollout;
    }

    Rollout halfWay() {
        return halfWay(orders);
    }

    Rollout halfWay(Migration migration) {
        return built(Rollout.of(migration)
                .step(DUAL_WRITE)
                .step(SHADOW)
                .step(SHADOW.plusPercent(5))
                .step(SHADOW.plusPercent(50))
                .step(LIVE)
                .guard(Guard.errorRate().notWorseThanLegacyBy(percent(1)))
                .eachFor(DAY));
    }

    void pass(Duration duration) {
        now = now.plus(duration);
    }

    static void calls(Migration of, double targetFailures) {
        for (int i = 0; i < 500; i++) {
            of.traffic().record(Side.LEGACY, 1_000, i % 100 == 0);
            of.traffic().record(Side.TARGET, 1_000, i < 500 * targetFailures || i % 100 == 0);
        }
    }

    Judgement healthyDay(Rollout rollout) {
        for (int look = 0; look < 3; look++) {
            calls(orders, 0);
            rollout.look();
            pass(DAY.dividedBy(3));
        }
        calls(orders, 0);
        return rollout.look();
    }

    void walkTo(Rollout rollout, Position position) {
        for (int look = 0; look < 30 && !orders.current().equals(position); look++) {
            pass(DAY.dividedBy(3));
            calls(orders, 0);
            rollout.look();
        }
        assertThat(orders.current()).isEqualTo(position);
    }

    List<RolloutAdvanced> advances() {
        return List.copyOf(events).stream()
                .filter(RolloutAdvanced.class::isInstance)
                .map(RolloutAdvanced.class::cast)
                .toList();
    }
}
