package dev.migrate.test;

import static dev.migrate.test.MigrationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.Migration;
import dev.migrate.MigrationBuilder;
import dev.migrate.MigrationEvent.PositionChanged;
import dev.migrate.MigrationStore;
import dev.migrate.Position;
import dev.migrate.Stage;
import dev.migrate.StaleChangeException;
import dev.migrate.StepRefusedException;
import dev.migrate.store.InMemoryMigrationStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several instances of one migration on one store, as on several nodes. */
class NodesTest {
    private final MigrationStore store = new InMemoryMigrationStore();
    private final List<Migration> nodes = new ArrayList<>();

    private Migration node(MigrationBuilder options) {
        Migration node = options.build();
        nodes.add(node);
        return node;
    }

    private Migration node(String operator) {
        return node(Migration.named("orders").store(store).operator(() -> operator));
    }

    @AfterEach
    void close() {
        nodes.forEach(Migration::close);
    }

    @Test
    void theFirstNode_createsTheMigration_andTheSecondFindsIt() {
        assertThat(node("ada")).standsAt(Stage.LEGACY_ONLY).wasLastMovedBy("ada", "migration created");
        node("ada").moveTo(Stage.DUAL_WRITE, "live");
        assertThat(node("bob"))
                .standsAt(Stage.DUAL_WRITE)
                .hasWalked(Position.START, Position.of(Stage.DUAL_WRITE))
                .wasLastMovedBy("ada", "live");
    }

    @Test
    void aStep_isTakenFromWhereTheStoreStands_notFromWhatTheNodeKnew() {
        Migration ada = node("ada");
        Migration bob = node("bob");
        ada.moveTo(Stage.DUAL_WRITE, "live");
        assertThat(bob).standsAt(Stage.LEGACY_ONLY);
        bob.moveTo(Stage.SHADOW, "copied");
        assertThat(bob).standsAt(Stage.SHADOW);
        assertThat(ada).standsAt(Stage.DUAL_WRITE).refusesStepTo(Stage.SHADOW, "already stands at SHADOW");
        assertThat(ada).standsAt(Stage.SHADOW);
    }

    /** F6: an update without a version overwrites another's. */
    @Test
    void aStepThatAnotherNodeOvertakes_isRefusedAsStale() {
        Migration ada = node("ada");
        AtomicReference<Runnable> overtaking = new AtomicReference<>(() -> {});
        Migration bob = node(Migration.named("orders").store(store).operator(() -> {
            overtaking.get().run(); // asked after the store was read, and before it is changed
            return "bob";
        }));
        overtaking.set(() -> ada.moveTo(Stage.DUAL_WRITE, "first"));
        assertThatThrownBy(() -> bob.moveTo(Stage.DUAL_WRITE, "second"))
                .isInstanceOf(StaleChangeException.class)
                .hasMessageContainingAll("orders", "version 1", "version 2");
        assertThat(bob.refresh().position()).isEqualTo(Position.of(Stage.DUAL_WRITE));
        assertThat(bob).wasLastMovedBy("ada", "first");
    }

    @Test
    void ofEightNodesThatStepAtOnce_exactlyOneDoes() throws Exception {
        List<Migration> eight = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            eight.add(node("node-" + i));
        }
        List<Position> steps = List.of(
                Position.of(Stage.DUAL_WRITE),
                Stage.DUAL_WRITE.plusPercent(5),
                Position.of(Stage.SHADOW),
                Stage.SHADOW.plusPercent(5),
                Position.of(Stage.LIVE));
        CyclicBarrier start = new CyclicBarrier(eight.size());
        ExecutorService threads = Executors.newFixedThreadPool(eight.size());
        try {
            for (Position to : steps) {
                List<Future<Boolean>> attempts = new ArrayList<>();
                for (Migration each : eight) {
                    attempts.add(threads.submit(() -> {
                        start.await();
                        return moved(each, to);
                    }));
                }
                int winners = 0;
                for (Future<Boolean> attempt : attempts) {
                    winners += attempt.get() ? 1 : 0;
                }
                assertThat(winners).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
        eight.forEach(Migration::refresh);
        assertThat(eight).allSatisfy(each -> assertThat(each).standsAt(Stage.LIVE));
        assertThat(eight.get(0).audit(100)).hasSize(1 + steps.size());
    }

    private static boolean moved(Migration node, Position to) {
        try {
            node.moveTo(to, "race");
            return true;
        } catch (StaleChangeException | StepRefusedException lost) {
            return false;
        }
    }

    /** F6: another node never sees a change. */
    @Test
    void onADurableStore_anotherNodeHearsOfAStepByItself_andTellsItsListeners() {
        RecordedEvents events = new RecordedEvents();
        Migration bob = node(Migration.named("orders")
                .store(durable(store))
                .refreshEvery(Duration.ofMillis(20))
                .listener(events));
        node("ada").moveTo(Stage.DUAL_WRITE, "live");
        await().until(() -> bob.current().stage() == Stage.DUAL_WRITE);
        await().untilAsserted(() -> assertThat(events.of(PositionChanged.class))
                .containsExactly(new PositionChanged("orders", Position.START, Position.of(Stage.DUAL_WRITE), 2)));
    }

    /** The store, said to be durable, so that nodes ask it again and again. */
    private static MigrationStore durable(MigrationStore store) {
        return (MigrationStore) Proxy.newProxyInstance(
                MigrationStore.class.getClassLoader(),
                new Class<?>[] {MigrationStore.class},
                (proxy, method, arguments) ->
                        method.getName().equals("isDurable") ? (Object) true : method.invoke(store, arguments));
    }

    @Test
    void turningBack_stopsWhereAnotherNodeHasTurnedBackFurther() {
        Migration ada = node("ada");
        Migration bob = node("bob");
        for (Stage stage : List.of(Stage.DUAL_WRITE, Stage.SHADOW, Stage.LIVE)) {
            ada.moveTo(stage, "forward");
        }
        bob.refresh();
        ada.addListener(event -> {
            if (bob.refresh().position().stage() == Stage.SHADOW) {
                bob.turnBackTo(Position.START, "further");
                ada.refresh();
            }
        });
        ada.turnBackTo(Position.of(Stage.DUAL_WRITE), "back");
        assertThat(ada).standsAt(Stage.LEGACY_ONLY).wasLastMovedBy("bob", "further");
    }
}
