package dev.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.MigrationEvent.StepAcknowledged;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.store.InMemoryMigrationStore;
import dev.migrate.test.ManualTime;
import dev.migrate.test.RecordedEvents;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several nodes on one store, whose hearts beat when a test says so. */
class LeasesTest {
    private static final Duration LEASE = Duration.ofHours(3);
    private final ManualTime time = new ManualTime();
    private final AtomicLong looks = new AtomicLong();
    private volatile Duration perLook = Duration.ZERO;
    private final InMemoryMigrationStore memory = new InMemoryMigrationStore(time);
    private volatile boolean isStoreDown;
    private final MigrationStore store = cutOff();
    private final Map<Long, String> legacyRows = new ConcurrentHashMap<>();
    private final Map<Long, String> targetRows = new ConcurrentHashMap<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    /** The store of a node that may lose it. */
    private MigrationStore cutOff() {
        return (MigrationStore) Proxy.newProxyInstance(
                MigrationStore.class.getClassLoader(),
                new Class<?>[] {MigrationStore.class},
                (proxy, method, given) -> {
                    if (isStoreDown) {
                        throw new MigrationException("the store is down");
                    }
                    try {
                        return method.invoke(memory, given);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    private MigrationBuilder options(String name) {
        return Migration.named("orders")
                .store(memory)
                .node(name)
                .time(time)
                .nanoTime(() -> time.nanoTime() + looks.addAndGet(perLook.toNanos()))
                .refreshEvery(LEASE.dividedBy(3))
                .lease(LEASE)
                .stepBudget(Duration.ofMillis(300));
    }

    /** Who waits sees his time go by with every look at the clock. */
    private void assertRefused(Migration node, Stage step, String... named) {
        perLook = Duration.ofMinutes(1);
        assertThatThrownBy(() -> node.moveTo(step, "too soon"))
                .isInstanceOf(StepRefusedException.class)
                .hasMessageContainingAll(named);
        perLook = Duration.ZERO;
    }

    private Migration opened(MigrationBuilder options) {
        Migration node = options.build();
        open.add(0, node);
        return node;
    }

    private Migration node(String name) {
        return opened(options(name));
    }

    private DualWriteRouter<Long, String> router(Migration node) {
        DualWriteRouter<Long, String> router = DualWriteRouter.of(node)
                .legacy(records(legacyRows))
                .target(records(targetRows))
                .key(value -> Long.parseLong(value.substring(0, 1)))
                .repairEvery(Duration.ofDays(1))
                .longestWait(Duration.ofMillis(50))
                .build();
        open.add(0, router);
        return router;
    }

    private static Records<Long, String> records(Map<Long, String> rows) {
        return Records.of(
                key -> Optional.ofNullable(rows.get(key)),
                value -> {
                    rows.put(Long.parseLong(value.substring(0, 1)), value);
                    return value;
                },
                rows::remove);
    }

    @AfterEach
    void close() throws Exception {
        isStoreDown = false;
        for (AutoCloseable each : open) {
            each.close();
        }
        assertThat(memory.nodes("orders")).as("nodes that were not signed off").isEmpty();
    }

    private long acknowledged(String node) {
        return memory.nodes("orders").stream()
                .filter(each -> each.name().equals(node))
                .mapToLong(Node::acknowledged)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void nextStep_waitsForANodeThatHasNotHeardOfTheLast() {
        Migration ada = node("ada");
        Migration bob = node("bob");
        ada.moveTo(Stage.DUAL_WRITE, "first");
        assertRefused(ada, Stage.SHADOW, "node 'bob'", "epoch 2");
        assertThat(ada.current()).isEqualTo(Position.of(Stage.DUAL_WRITE));
        bob.beat();
        ada.moveTo(Stage.SHADOW, "bob knows");
    }

    @Test
    void node_acknowledgesNothingWhileAUnitOfWorkFromBeforeIsRunning() {
        Migration ada = node("ada");
        Migration bob = node("bob");
        MigrationScope before = bob.begin();
        ada.moveTo(Stage.DUAL_WRITE, "first");
        bob.beat();
        assertThat(acknowledged("bob")).isEqualTo(1);
        try (MigrationScope after = bob.begin()) {
            before = closed(before, after);
            bob.beat();
            assertThat(acknowledged("bob"))
                    .as("what began since does not count")
                    .isEqualTo(2);
        }
    }

    /** Scopes are closed by the thread that began them, the innermost first; so the later one is begun by another thread. */
    private static MigrationScope closed(MigrationScope before, MigrationScope after) {
        after.close();
        before.close();
        return after;
    }

    @Test
    void deadNode_isWaitedForUntilItsLeaseHasRunOut_andThenNoMore() {
        Migration ada = node("ada");
        node("bob");
        ada.moveTo(Stage.DUAL_WRITE, "first");
        time.advance(LEASE.minusSeconds(1));
        assertRefused(ada, Stage.SHADOW, "node 'bob'");
        time.advance(Duration.ofSeconds(1));
        ada.moveTo(Stage.SHADOW, "bob is gone");
    }

    @Test
    void nodeThatWasAsleep_readsByTheStoreAgain_beforeItReadsASide() {
        Migration ada = node("ada");
        Migration bob = node("bob");
        DualWriteRouter<Long, String> reader = router(bob);
        DualWriteRouter<Long, String> writer = router(ada);
        for (Stage stage : List.of(Stage.DUAL_WRITE, Stage.SHADOW)) {
            ada.moveTo(stage, "on");
            bob.beat();
        }
        writer.write("1 old");
        await().until(() -> writer.repair() >= 0 && writer.debt().isNone());
        time.advance(LEASE);
        ada.moveTo(Stage.LIVE, "while bob sleeps");
        legacyRows.put(1L, "1 stale");
        assertThat(reader.read(1L)).hasValue("1 old");
        assertThat(bob.current()).isEqualTo(Position.of(Stage.LIVE));
    }

    @Test
    void nodeThatHasLostItsStore_readsAndWritesUntilItsLeaseHasRunOut_andNotAfter() {
        Migration bob = opened(options("bob").store(store));
        DualWriteRouter<Long, String> router = router(bob);
        router.write("1 a");
        isStoreDown = true;
        time.advance(LEASE.minusSeconds(1));
        assertThat(router.read(1L)).hasValue("1 a");
        router.write("1 b");
        time.advance(Duration.ofSeconds(1));
        assertThatThrownBy(() -> router.read(1L))
                .isInstanceOf(LeaseExpiredException.class)
                .hasMessageContaining("store");
        assertThatThrownBy(() -> router.write("1 c")).isInstanceOf(LeaseExpiredException.class);
        assertThat(legacyRows).containsEntry(1L, "1 b");
        isStoreDown = false;
        router.write("1 c");
        assertThat(router.read(1L)).hasValue("1 c");
    }

    /** Between the renewal of a lease that had run out and the reading of the position, another thread still knows the old one. */
    @Test
    void nodeThatWasAsleep_actsOnNothingBeforeThePositionWasReadAgain() {
        AtomicReference<Runnable> beforeFind = new AtomicReference<>(() -> {});
        MigrationStore slow = (MigrationStore) Proxy.newProxyInstance(
                MigrationStore.class.getClassLoader(),
                new Class<?>[] {MigrationStore.class},
                (proxy, method, given) -> {
                    if (method.getName().equals("find")) {
                        beforeFind.get().run();
                    }
                    return method.invoke(memory, given);
                });
        Migration ada = node("ada");
        Migration bob = opened(options("bob").store(slow));
        time.advance(LEASE);
        ada.moveTo(Stage.DUAL_WRITE, "while bob sleeps");
        AtomicReference<Boolean> wasHeld = new AtomicReference<>();
        beforeFind.set(() -> wasHeld.compareAndSet(null, bob.holdsLease()));
        bob.beat();
        assertThat(wasHeld).hasValue(false);
        assertThat(bob.holdsLease()).isTrue();
        assertThat(bob.current()).isEqualTo(Position.of(Stage.DUAL_WRITE));
    }

    @Test
    void clockThatIsSetBack_doesNotLengthenALease() {
        AtomicLong monotonic = new AtomicLong();
        Migration bob = opened(options("bob").store(store).nanoTime(monotonic::get));
        DualWriteRouter<Long, String> router = router(bob);
        isStoreDown = true;
        monotonic.set(LEASE.toNanos());
        assertThatThrownBy(() -> router.read(1L)).isInstanceOf(LeaseExpiredException.class);
    }

    @Test
    void handover_opensTheTargetOnlyOnceEveryNodeReadsThere() throws Exception {
        RecordedEvents events = new RecordedEvents();
        Migration ada = opened(options("ada").stepBudget(LEASE).listener(events));
        Migration bob = node("bob");
        DualWriteRouter<Long, String> writer = router(ada);
        router(bob);
        for (Stage stage : List.of(Stage.DUAL_WRITE, Stage.SHADOW)) {
            ada.moveTo(stage, "on");
            bob.beat();
        }
        CompletableFuture<Void> step = CompletableFuture.runAsync(() -> ada.moveTo(Stage.LIVE, "handover"));
        await().until(() -> bob.refresh().epoch() == 4);
        assertThat(ada.current())
                .as("announced, and bob has not acknowledged that")
                .isEqualTo(Position.of(Stage.SHADOW));
        writer.write("1 a");
        bob.beat();
        await().until(() -> ada.current().equals(Position.of(Stage.LIVE)));
        perLook = Duration.ofMillis(1); // the writer's patience ends, and the step's does not
        assertThatThrownBy(() -> writer.write("1 b"))
                .as("bob may still read legacy")
                .isInstanceOf(RefusedWriteException.class);
        assertThat(step).isNotDone();
        bob.beat();
        step.get();
        writer.write("1 b");
        assertThat(targetRows).containsEntry(1L, "1 b");
        assertThat(events.of(StepAcknowledged.class)).singleElement().satisfies(told -> {
            assertThat(told.epoch()).isEqualTo(4);
            assertThat(told.nodes()).isEqualTo(2);
        });
    }

    /** A write that bob has begun before is not owed: a copy that overtook it would stay. */
    @Test
    void nothingIsCopied_beforeEveryNodeHasAcknowledgedThatDualWritingHasBegun() {
        Migration ada = node("ada");
        Migration bob = node("bob");
        DualWriteRouter<Long, String> writer = router(ada);
        int before = bob.enter();
        ada.moveTo(Stage.DUAL_WRITE, "on");
        bob.beat();
        writer.write("1 a");
        assertThat(writer.repair()).isZero();
        assertThat(writer.debt().keys()).isEqualTo(1);
        bob.exit(before);
        bob.beat();
        await().until(() -> writer.repair() >= 0 && writer.debt().isNone());
        assertThat(targetRows).containsEntry(1L, "1 a");
    }

    @Test
    void lease_mustOutlastThreeBeats() {
        assertThatThrownBy(() -> options("bob").lease(Duration.ofHours(2)).build())
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll("lease", "three times refreshEvery", "PT3H");
    }
}
