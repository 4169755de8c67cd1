package dev.migrate.dualwrite;

import static dev.migrate.dualwrite.RouterFixture.item;
import static dev.migrate.side.DebtLimits.ANY_AGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationEvent.DebtMeasured;
import dev.migrate.MigrationEvent.Pressure;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.dualwrite.MapRecords.Item;
import dev.migrate.internal.write.DebtWatch;
import dev.migrate.side.DebtLimits;
import dev.migrate.side.SideBooks;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How often the debt is counted, and who is told; in time that is turned by hand. */
@Timeout(60)
class MeasuredDebtTest {
    private static final DebtLimits LIMITS = DebtLimits.builder()
            .slowBackfill(1, ANY_AGE)
            .leaveToWorker(1, ANY_AGE)
            .holdRollout(1, ANY_AGE)
            .tripGuard(1, ANY_AGE)
            .holdWrites(1, ANY_AGE, Duration.ofHours(1))
            .build();

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
    private final AtomicReference<Duration> counting = new AtomicReference<>(Duration.ZERO);
    private final ConcurrentLinkedQueue<MigrationEvent> events = new ConcurrentLinkedQueue<>();
    private volatile boolean isGone;
    private final MapRecords legacy = new MapRecords();
    private final MapRecords target = new MapRecords();
    private final Migration migration = Migration.named("items")
            .store(RouterFixture.keeping((made, side) -> side == Side.LEGACY ? counted(made) : outOfReach(made)))
            .time(now::get)
            .nanoTime(() -> Duration.between(Instant.EPOCH, now.get()).toNanos())
            .listener(events::add)
            .build();
    private final DualWriteRouter<Long, Item> router = DualWriteRouter.of(migration)
            .legacy(legacy)
            .target(target)
            .key(Item::id)
            .parkAfter(1_000)
            .debtLimits(LIMITS)
            .repairEvery(Duration.ofDays(1))
            .build();

    /** Counting takes as long as the test says, once. */
    private SideBooks counted(SideBooks real) {
        return (SideBooks) Proxy.newProxyInstance(
                SideBooks.class.getClassLoader(), new Class<?>[] {SideBooks.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("debt")) {
                        now.updateAndGet(instant -> instant.plus(counting.getAndSet(Duration.ZERO)));
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    private SideBooks outOfReach(SideBooks real) {
        return (SideBooks) Proxy.newProxyInstance(
                SideBooks.class.getClassLoader(), new Class<?>[] {SideBooks.class}, (proxy, method, arguments) -> {
                    if (isGone && method.getName().equals("inTransaction")) {
                        throw new IOException("connection refused");
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    @AfterEach
    void close() {
        router.close();
        migration.close();
    }

    private void oweOne() {
        migration.moveTo(Stage.DUAL_WRITE, "test");
        target.before = (what, key) -> {
            throw new IOException("target down");
        };
        router.write(item(1, "a"));
        await().until(() -> migration.threads().isIdle());
    }

    private long measured() {
        return events.stream().filter(DebtMeasured.class::isInstance).count();
    }

    private void work(Duration later) {
        now.updateAndGet(instant -> instant.plus(later));
        router.repair();
    }

    /** A twentieth of the time at most. */
    @Test
    void debtThatTakesLongToCount_isCountedLessOften() {
        oweOne();
        counting.set(Duration.ofSeconds(10));
        work(Duration.ofSeconds(2));
        long before = measured();
        assertThat(before).isPositive();
        work(Duration.ofSeconds(199));
        assertThat(measured()).isEqualTo(before);
        work(Duration.ofSeconds(1));
        assertThat(measured()).isEqualTo(before + 1);
    }

    @Test
    void limits_areThoseOfTheRecordsRouter_andTheDefaultsWhereThereIsNone() {
        assertThat(DebtWatch.limitsOf(migration, "default")).isSameAs(LIMITS);
        assertThat(DebtWatch.limitsOf(migration, "others")).isSameAs(DebtLimits.defaults());
    }

    @Test
    void interruptedWriter_isNotHeldAnyLonger_andHasWrittenNothing() throws Exception {
        oweOne();
        work(Duration.ofSeconds(2));
        assertThat(router.pressure()).contains(Pressure.STOPS_WRITES);
        FutureTask<Item> held = new FutureTask<>(() -> router.write(item(2, "b")));
        Thread writer = new Thread(held);
        writer.start();
        await().until(() -> writer.getState() == Thread.State.TIMED_WAITING || held.isDone());
        assertThat(held.isDone()).isFalse();
        writer.interrupt();
        assertThatThrownBy(() -> held.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(InterruptedException.class)
                .hasMessageContaining("waited for the debt to fall");
        assertThat(legacy.rows).containsOnlyKeys(1L);
        assertThat(List.copyOf(events)).isNotEmpty();
    }

    @Test
    void debt_isCountedWhileTheShadowIsOutOfReach() {
        isGone = true;
        oweOne();
        work(Duration.ofSeconds(2));
        long before = measured();
        work(Duration.ofSeconds(2));
        assertThat(measured()).isEqualTo(before + 1);
    }

    @Test
    void debtOfTheTarget_isCountedAsLegacysIs() {
        for (Stage stage : List.of(Stage.DUAL_WRITE, Stage.SHADOW, Stage.LIVE)) {
            migration.moveTo(stage, "test");
        }
        legacy.before = (what, key) -> {
            throw new IOException("legacy down");
        };
        router.write(item(1, "a"));
        await().until(() -> migration.threads().isIdle());
        work(Duration.ofSeconds(2));
        assertThat(events)
                .filteredOn(DebtMeasured.class::isInstance)
                .extracting(event -> ((DebtMeasured) event).shadow())
                .containsOnly(Side.LEGACY);
        assertThat(router.pressure()).contains(Pressure.SLOWS_BACKFILL);
    }
}
