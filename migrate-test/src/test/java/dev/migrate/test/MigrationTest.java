package dev.migrate.test;

import static dev.migrate.test.MigrationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.PositionChanged;
import dev.migrate.MigrationException;
import dev.migrate.MigrationScope;
import dev.migrate.Position;
import dev.migrate.Stage;
import dev.migrate.store.InMemoryMigrationStore;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MigrationTest {
    private final ManualTime time = new ManualTime();
    private final RecordedEvents events = new RecordedEvents();
    private final AtomicReference<String> operator = new AtomicReference<>("ada");
    private final Migration orders = Migration.named("orders")
            .store(new InMemoryMigrationStore(time))
            .time(time)
            .nanoTime(time::nanoTime)
            .operator(operator::get)
            .listener(event -> {
                throw new IllegalStateException("a listener that fails");
            })
            .listener(event -> {
                throw new StackOverflowError("a listener that fails badly");
            })
            .listener(events)
            .build();

    @AfterEach
    void close() {
        orders.close();
    }

    /** S8: a missing part gives an empty result, silently. */
    @Test
    void S8_aMissingStore_isRefusedByName() {
        assertThatThrownBy(() -> Migration.named("orders").build())
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll("store of migration 'orders' is missing", "store(..)");
    }

    @Test
    void options_areRefusedWithRuleAndValue() {
        for (String name : new String[] {"", "a b", "é", "x".repeat(101)}) {
            assertThatThrownBy(() -> Migration.named(name))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContainingAll("1 to 100", "'" + name + "'");
        }
        assertThatThrownBy(() -> Migration.named("orders").refreshEvery(Duration.ZERO))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("refreshEvery must be positive, but was PT0S");
        assertThatThrownBy(() -> Migration.named("orders").stepBudget(Duration.ofSeconds(-1)))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("stepBudget must be positive, but was PT-1S");
    }

    @Test
    void audit_saysWhoAndWhy_asEachChangeIsMade() {
        orders.moveTo(Stage.DUAL_WRITE, "target schema is live");
        time.advance(Duration.ofHours(1));
        operator.set("bob");
        orders.moveTo(Stage.LEGACY_ONLY, "INC-7");
        assertThat(orders)
                .hasAuditEntry(Position.of(Stage.DUAL_WRITE), "ada", "target schema is live")
                .wasLastMovedBy("bob", "INC-7")
                .hasWalked(Position.START, Position.of(Stage.DUAL_WRITE), Position.START);
        assertThat(orders.audit(1).get(0).at()).isEqualTo(time.instant());
        assertThat(orders.audit(2).get(1).at()).isEqualTo(time.instant().minus(Duration.ofHours(1)));
    }

    @Test
    void aStepWithoutReasonOrOperator_isRefused_andNothingMoves() {
        assertThatThrownBy(() -> orders.moveTo(Stage.DUAL_WRITE, " "))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("why must not be blank");
        operator.set("");
        assertThatThrownBy(() -> orders.moveTo(Stage.DUAL_WRITE, "reason"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("who must not be blank");
        operator.set("ada");
        assertThat(orders).standsAt(Stage.LEGACY_ONLY).hasWalked(Position.START);
    }

    @Test
    void raiseEpoch_isAudited_andMovesNothing() {
        orders.moveTo(Stage.DUAL_WRITE, "live");
        orders.raiseEpoch("database restored");
        assertThat(orders).standsAt(Stage.DUAL_WRITE).wasLastMovedBy("ada", "database restored");
        assertThat(orders.view().epoch()).isEqualTo(3);
        assertThat(events.of(PositionChanged.class)).hasSize(1);
    }

    /** B11: a listener's failure reaches the caller. */
    @Test
    void listenersThatFail_keepNeitherTheStepNorTheOtherListeners() {
        orders.moveTo(Stage.DUAL_WRITE, "live");
        assertThat(orders).standsAt(Stage.DUAL_WRITE);
        assertThat(events.all())
                .containsExactly(new PositionChanged("orders", Position.START, Position.of(Stage.DUAL_WRITE), 2));
    }

    /** S7: the stage is read again for each call, and may change within one request. */
    @Test
    void S7_withinAScope_thePositionStandsStill() {
        orders.moveTo(Stage.DUAL_WRITE, "live");
        try (MigrationScope scope = orders.begin()) {
            orders.moveTo(Stage.SHADOW, "meanwhile");
            assertThat(orders.isPinned()).isTrue();
            assertThat(orders).hasKeyOn("key", Stage.DUAL_WRITE).standsAt(Stage.SHADOW);
            try (MigrationScope inner = orders.begin()) {
                assertThat(orders).hasKeyOn("key", Stage.DUAL_WRITE);
            }
            assertThat(orders).hasKeyOn("key", Stage.DUAL_WRITE);
            scope.close();
        }
        assertThat(orders.isPinned()).isFalse();
        assertThat(orders).hasKeyOn("key", Stage.SHADOW);
    }

    @Test
    void S7_aScope_isTheThreads_unlessItsWorkIsWrapped() throws Exception {
        ExecutorService another = Executors.newSingleThreadExecutor();
        try (MigrationScope scope = orders.begin()) {
            orders.moveTo(Stage.DUAL_WRITE, "meanwhile");
            assertThat(another.submit(() -> orders.stageOf("key")).get()).isEqualTo(Stage.DUAL_WRITE);
            assertThat(another.submit(scope.wrap(() -> orders.stageOf("key"))).get())
                    .isEqualTo(Stage.LEGACY_ONLY);
            assertThat(another.submit(() -> orders.stageOf("key")).get())
                    .as("the wrapped work has left nothing behind")
                    .isEqualTo(Stage.DUAL_WRITE);
        } finally {
            another.shutdownNow();
        }
    }

    @Test
    void aScopeClosedOutOfOrder_isRefused_andCanStillBeClosedInOrder() {
        MigrationScope outer = orders.begin();
        MigrationScope inner = orders.begin();
        assertThatThrownBy(outer::close)
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll("orders", "innermost first");
        inner.close();
        outer.close();
        assertThat(orders.isPinned()).isFalse();
        assertThat(orders.awaitEarlierUnits(Duration.ofMinutes(1))).isTrue();
    }

    @Test
    void aScope_isAUnitThatAStepWaitsFor() {
        try (MigrationScope scope = orders.begin()) {
            assertThat(orders.isPinned()).isTrue();
            Thread turner = new Thread(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    time.advance(Duration.ofMillis(1));
                }
            });
            turner.start();
            assertThat(orders.awaitEarlierUnits(Duration.ofMillis(100))).isFalse();
            turner.interrupt();
        }
        assertThat(orders.awaitEarlierUnits(Duration.ofMillis(100))).isTrue();
    }
}
