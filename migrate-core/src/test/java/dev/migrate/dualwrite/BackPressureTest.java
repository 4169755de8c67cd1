package dev.migrate.dualwrite;

import static dev.migrate.dualwrite.RouterFixture.item;
import static dev.migrate.side.DebtLimits.ANY_AGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.Gate;
import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationEvent.DebtMeasured;
import dev.migrate.MigrationEvent.Pressure;
import dev.migrate.MigrationEvent.PressureChanged;
import dev.migrate.MigrationEvent.Verdict;
import dev.migrate.MigrationException;
import dev.migrate.MigrationScope;
import dev.migrate.MigrationStore;
import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.dualwrite.MapRecords.Item;
import dev.migrate.rollout.Rollout;
import dev.migrate.side.Debt;
import dev.migrate.side.DebtLimits;
import dev.migrate.side.SideBooks;
import dev.migrate.store.InMemoryMigrationStore;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What gives way to debt, rung by rung, in time that is turned by hand. */
class BackPressureTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
    private final MapRecords legacy = new MapRecords();
    private final MapRecords target = new MapRecords();
    private final ConcurrentLinkedQueue<MigrationEvent> events = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> measuringThreads = new ConcurrentLinkedQueue<>();
    private final Migration migration = Migration.named("items")
            .store(new InMemoryMigrationStore())
            .time(now::get)
            .nanoTime(() -> Duration.between(Instant.EPOCH, now.get()).toNanos())
            .listener(events::add)
            .listener(event -> {
                if (event instanceof DebtMeasured || event instanceof PressureChanged) {
                    measuringThreads.add(Thread.currentThread().getName());
                }
            })
            .build();
    private DualWriteRouter<Long, Item> router = router(options -> options.repairEvery(Duration.ofDays(1)));

    private DualWriteRouter<Long, Item> router(UnaryOperator<DualWriteRouterBuilder<Long, Item>> options) {
        return options.apply(DualWriteRouter.of(migration)
                        .legacy(legacy)
                        .target(target)
                        .key(Item::id)
                        .parkAfter(1_000))
                .build();
    }

    private void with(DebtLimits.Builder limits) {
        router.close();
        router = router(options -> options.repairEvery(Duration.ofDays(1)).debtLimits(limits.build()));
        migration.moveTo(Stage.DUAL_WRITE, "test");
    }

    @AfterEach
    void close() {
        router.close();
        migration.close();
    }

    private void targetIsDown() {
        target.before = (what, key) -> {
            throw new IOException("target down");
        };
    }

    private void targetIsUp() {
        target.before = (what, key) -> {};
    }

    /** Writes, waits for the attempts that follow, and lets the worker do a round a little later. */
    private void write(int from, int to) {
        for (long key = from; key < to; key++) {
            router.write(item(key, "a"));
        }
        idle();
    }

    private void idle() {
        await().until(() -> migration.threads().isIdle());
    }

    private void work(Duration later) {
        now.updateAndGet(instant -> instant.plus(later));
        router.repair();
    }

    private <E extends MigrationEvent> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Test
    void debt_isMeasuredByTheWorker_onceASecondWhileAnythingIsOwed() {
        with(DebtLimits.builder());
        targetIsDown();
        write(0, 3);
        assertThat(events(DebtMeasured.class)).as("never by who writes").isEmpty();
        work(Duration.ofSeconds(2));
        assertThat(events(DebtMeasured.class))
                .containsExactly(new DebtMeasured("items", "default", Side.TARGET, 3, 0, 0, Duration.ofSeconds(2)));
        work(Duration.ofMillis(999));
        assertThat(events(DebtMeasured.class)).as("not so soon").hasSize(1);
        work(Duration.ofMillis(1));
        assertThat(events(DebtMeasured.class)).hasSize(2);
        targetIsUp();
        work(MINUTE);
        work(MINUTE);
        work(MINUTE);
        assertThat(events(DebtMeasured.class))
                .as("once, that nothing is owed any more")
                .filteredOn(event -> event.keys() == 0)
                .hasSize(1);
        assertThat(router.debt(Side.LEGACY)).isEqualTo(Debt.NONE);
    }

    @Test
    void debt_isMeasuredOnTheShadowsThreads() {
        router.close();
        router = router(options -> options.repairEvery(Duration.ofMillis(10))
                .debtLimits(DebtLimits.builder().slowBackfill(1, ANY_AGE).build()));
        migration.moveTo(Stage.DUAL_WRITE, "test");
        targetIsDown();
        for (long key = 0; key < 3; key++) {
            router.write(item(key, "a"));
        }
        now.updateAndGet(instant -> instant.plusSeconds(5));
        await().until(() -> router.pressure().contains(Pressure.SLOWS_BACKFILL));
        assertThat(measuringThreads).isNotEmpty().allMatch(name -> name.contains("-shadow-"));
    }

    /** A target that hangs holds the worker and the attempts up, and its own journal cannot be counted; legacy's still can. */
    @Test
    void debt_isMeasuredWhileTheTargetHangs() {
        router.close();
        router = router(options -> options.repairEvery(Duration.ofMillis(10))
                .debtLimits(DebtLimits.builder().slowBackfill(2, ANY_AGE).build()));
        migration.moveTo(Stage.DUAL_WRITE, "test");
        CompletableFuture<Boolean> released = new CompletableFuture<>();
        target.before = (what, key) -> released.get();
        for (long key = 0; key < 3; key++) {
            router.write(item(key, "a"));
        }
        now.updateAndGet(instant -> instant.plusSeconds(5));
        await().until(() -> router.pressure().contains(Pressure.SLOWS_BACKFILL));
        released.complete(true);
    }

    @Test
    void muchDebt_isLeftToTheWorker_untilItIsLess() {
        with(DebtLimits.builder().slowBackfill(2, ANY_AGE).leaveToWorker(3, ANY_AGE));
        targetIsDown();
        write(0, 3);
        work(MINUTE);
        assertThat(events(PressureChanged.class))
                .containsExactly(new PressureChanged(
                        "items", "default", Set.of(), Set.of(Pressure.SLOWS_BACKFILL, Pressure.LEAVES_TO_WORKER)));
        int tried = target.writes.get();
        write(3, 5);
        assertThat(target.writes).as("no attempt after a commit").hasValue(tried);
        assertThat(router.debt().keys()).isEqualTo(5);
        targetIsUp();
        work(MINUTE);
        assertThat(router.debt().isNone()).isTrue();
        work(MINUTE);
        assertThat(router.pressure()).isEmpty();
        write(5, 6);
        assertThat(target.rows).as("by the attempt after its commit").containsKey(5L);
    }

    @Test
    void debtThatFits_isAttemptedAfterEachCommit() {
        with(DebtLimits.builder());
        targetIsDown();
        write(0, 50);
        work(MINUTE);
        int tried = target.writes.get();
        write(50, 51);
        assertThat(target.writes).hasValue(tried + 1);
        assertThat(router.pressure()).isEmpty();
    }

    @Test
    void gate_isOpenBelowItsDebtAlone() throws Exception {
        with(DebtLimits.builder());
        Gate byKeys = router.debtBelow(3, ANY_AGE);
        Gate byAge = router.debtBelow(Long.MAX_VALUE, MINUTE);
        targetIsDown();
        write(0, 2);
        assertThat(byKeys.closedBecause()).isEmpty();
        assertThat(byAge.closedBecause()).isEmpty();
        write(2, 3);
        assertThat(byKeys.closedBecause())
                .hasValueSatisfying(why -> assertThat(why).contains("'default'", "3 keys"));
        now.updateAndGet(instant -> instant.plus(MINUTE));
        assertThat(byAge.closedBecause()).isPresent();
        targetIsUp();
        work(MINUTE);
        assertThat(byKeys.closedBecause()).isEmpty();
        assertThat(byAge.closedBecause()).isEmpty();
        assertThatThrownBy(() -> router.debtBelow(0, MINUTE))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("at least 1 key");
    }

    @Test
    void rollout_isHeldByMuchDebt_andTurnedBackByMore() {
        with(DebtLimits.builder()
                .slowBackfill(1, ANY_AGE)
                .leaveToWorker(1, ANY_AGE)
                .holdRollout(2, ANY_AGE)
                .tripGuard(4, Duration.ofHours(1)));
        migration.moveTo(dev.migrate.Position.of(Stage.LEGACY_ONLY), "test");
        try (Rollout rollout = Rollout.of(migration)
                .step(Stage.DUAL_WRITE)
                .step(Stage.SHADOW)
                .guard(router.debtGuard())
                .eachFor(Duration.ZERO)
                .build()) {
            rollout.look();
            assertThat(migration.current().stage()).isEqualTo(Stage.DUAL_WRITE);
            targetIsDown();
            write(0, 2);
            assertThat(rollout.look().verdict()).isEqualTo(Verdict.HOLD);
            assertThat(rollout.look().why()).contains("debt of records 'default'", "2 keys");
            write(2, 4);
            assertThat(rollout.look().verdict()).isEqualTo(Verdict.ROLL_BACK);
            assertThat(migration.current().stage()).isEqualTo(Stage.LEGACY_ONLY);
        }
    }

    /** As where it is down, which is when much is owed to it. */
    @Test
    void targetThatCannotBeAsked_doesNotKeepARolloutFromBeingTurnedBack() {
        MigrationStore store = RouterFixture.keeping((made, side) -> side == Side.LEGACY ? made : withoutDebt(made));
        try (RouterFixture fixture = new RouterFixture(store, options -> options.debtLimits(low().build()));
                Rollout rollout = Rollout.of(fixture.migration)
                        .step(Stage.DUAL_WRITE)
                        .guard(fixture.router.debtGuard())
                        .eachFor(Duration.ofDays(1))
                        .build()) {
            rollout.look();
            assertThat(fixture.migration.current().stage()).isEqualTo(Stage.DUAL_WRITE);
            fixture.target.before = (what, key) -> {
                throw new IOException("target down");
            };
            fixture.router.write(item(1, "a"));
            isDown.set(true);
            assertThat(rollout.look().verdict()).isEqualTo(Verdict.ROLL_BACK);
        } finally {
            isDown.set(false);
        }
    }

    private final AtomicBoolean isDown = new AtomicBoolean();

    private SideBooks withoutDebt(SideBooks real) {
        return (SideBooks) Proxy.newProxyInstance(
                SideBooks.class.getClassLoader(), new Class<?>[] {SideBooks.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("debt") && isDown.get()) {
                        throw new MigrationException("the target is down");
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    @Test
    void littleDebt_letsARolloutGoOn() {
        with(DebtLimits.builder());
        migration.moveTo(dev.migrate.Position.of(Stage.LEGACY_ONLY), "test");
        try (Rollout rollout = Rollout.of(migration)
                .step(Stage.DUAL_WRITE)
                .step(Stage.SHADOW)
                .guard(router.debtGuard())
                .eachFor(Duration.ZERO)
                .build()) {
            rollout.look();
            targetIsDown();
            write(0, 2);
            assertThat(rollout.look().verdict()).isEqualTo(Verdict.GO_ON);
            assertThat(migration.current().stage()).isEqualTo(Stage.SHADOW);
        }
    }

    @Test
    void writes_areNotInTheWayOfDebt_unlessAskedFor() {
        with(DebtLimits.builder()
                .slowBackfill(1, ANY_AGE)
                .leaveToWorker(1, ANY_AGE)
                .holdRollout(1, ANY_AGE)
                .tripGuard(1, ANY_AGE));
        targetIsDown();
        write(0, 10);
        work(MINUTE);
        assertThat(router.pressure()).contains(Pressure.TRIPS_GUARD).doesNotContain(Pressure.STOPS_WRITES);
        assertThat(router.write(item(99, "goes on"))).isEqualTo(item(99, "goes on"));
    }

    private static DebtLimits.Builder low() {
        return DebtLimits.builder()
                .slowBackfill(1, ANY_AGE)
                .leaveToWorker(1, ANY_AGE)
                .holdRollout(1, ANY_AGE)
                .tripGuard(1, ANY_AGE);
    }

    @Test
    void writes_areRefusedWhereAskedFor_beforeAnythingIsWritten() {
        with(low().refuseWrites(3, ANY_AGE));
        targetIsDown();
        write(0, 3);
        work(MINUTE);
        assertThatThrownBy(() -> router.write(item(9, "too much")))
                .isInstanceOf(RefusedWriteException.class)
                .hasMessageContaining("3 keys")
                .hasMessageContaining("nothing was written");
        assertThatThrownBy(() -> router.delete(1L)).isInstanceOf(RefusedWriteException.class);
        assertThat(legacy.rows).hasSize(3);
        assertThat(router.read(1L)).as("reads go on").isPresent();
        targetIsUp();
        work(MINUTE);
        router.write(item(9, "again"));
        assertThat(legacy.rows).containsKey(9L);
    }

    @Test
    void writes_areHeldWhereAskedFor_untilTheDebtIsLess() throws Exception {
        with(low().holdWrites(3, ANY_AGE, MINUTE));
        targetIsDown();
        write(0, 3);
        work(MINUTE);
        FutureTask<Item> held = new FutureTask<>(() -> router.write(item(9, "held")));
        Thread writer = new Thread(held);
        writer.start();
        await().until(() -> writer.getState() == Thread.State.TIMED_WAITING || held.isDone());
        try (MigrationScope scope = migration.begin()) {
            assertThatThrownBy(() -> router.write(item(8, "in a scope")))
                    .as("a scope is not held: a step may wait for it")
                    .isInstanceOf(RefusedWriteException.class);
        }
        assertThat(legacy.rows).hasSize(3);
        assertThat(held).isNotDone();
        targetIsUp();
        work(Duration.ofSeconds(2));
        work(Duration.ofSeconds(2));
        assertThat(held.get(60, TimeUnit.SECONDS)).isEqualTo(item(9, "held"));
        assertThat(legacy.rows).containsKey(9L);
    }

    @Test
    void writes_areHeldForSoLongAtMost() throws Exception {
        with(low().holdWrites(3, ANY_AGE, MINUTE));
        targetIsDown();
        write(0, 3);
        work(MINUTE);
        CompletableFuture<Throwable> held = CompletableFuture.supplyAsync(() -> {
            try {
                return new AssertionError(router.write(item(9, "held")));
            } catch (RuntimeException refused) {
                return refused;
            }
        });
        await().until(() -> {
            now.updateAndGet(instant -> instant.plusSeconds(10));
            return held.isDone();
        });
        assertThat(held.get(60, TimeUnit.SECONDS)).isInstanceOf(RefusedWriteException.class);
        assertThat(legacy.rows).doesNotContainKey(9L);
    }

    /** Nothing is measured on LEGACY_ONLY, and so nothing may go on giving way to what was measured before. */
    @Test
    void stepBackToLegacyOnly_endsAllPressure() {
        with(low().refuseWrites(3, ANY_AGE));
        targetIsDown();
        write(0, 3);
        work(MINUTE);
        assertThat(router.pressure()).contains(Pressure.STOPS_WRITES);
        migration.moveTo(dev.migrate.Position.of(Stage.LEGACY_ONLY), "test");
        work(MINUTE);
        assertThat(router.pressure()).isEmpty();
        router.write(item(9, "goes on"));
    }
}
