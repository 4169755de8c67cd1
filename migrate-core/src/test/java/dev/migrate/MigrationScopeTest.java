package dev.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.store.InMemoryMigrationStore;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MigrationScopeTest {
    private static final Duration MOMENT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(60);
    private final Migration migration =
            Migration.named("items").store(new InMemoryMigrationStore()).build();
    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final CountDownLatch runs = new CountDownLatch(1);
    private final CountDownLatch goesOn = new CountDownLatch(1);

    @AfterEach
    void close() {
        goesOn.countDown();
        executor.shutdown();
        migration.close();
    }

    private Position held() throws InterruptedException {
        runs.countDown();
        goesOn.await();
        return migration.view().position();
    }

    /** Whoever had begun to wait for the unit of work before the wrapped work began waits for that, too. */
    @Test
    void wrappedWork_isPartOfTheUnit_andAStepWaitsForIt() throws Exception {
        MigrationScope scope = migration.begin();
        Future<Boolean> step = executor.submit(() -> migration.awaitEarlierUnits(LONG));
        await().during(MOMENT).until(() -> !step.isDone()); // it has begun to wait
        Future<Position> work = executor.submit(scope.wrap(this::held));
        runs.await();
        scope.close();
        assertThat(migration.awaitEarlierUnits(MOMENT)).isFalse();
        assertThat(step.isDone()).isFalse();
        goesOn.countDown();
        assertThat(work.get(10, TimeUnit.SECONDS)).isEqualTo(Position.START);
        assertThat(step.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void wrappedWork_thatBeginsAfterTheUnit_isRefused() {
        Callable<Position> late;
        try (MigrationScope scope = migration.begin()) {
            late = scope.wrap(() -> migration.view().position());
        }
        assertThatThrownBy(late::call)
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("had ended before work that was wrapped in it began");
        assertThat(migration.awaitEarlierUnits(LONG)).isTrue();
    }

    @Test
    void carryingExecutor_givesTasksTheViewOfWhoGivesThem() throws Exception {
        FutureTask<Position> inUnit = new FutureTask<>(() -> migration.view().position());
        FutureTask<Position> outside = new FutureTask<>(() -> migration.view().position());
        try (MigrationScope scope = migration.begin()) {
            long epoch = scope.view().epoch();
            migration.store().change(Setting.Kind.POSITION, "items", epoch, "DUAL_WRITE", "another", "test");
            migration.refresh();
            migration.carrying(executor).execute(inUnit);
            assertThat(inUnit.get(10, TimeUnit.SECONDS)).isEqualTo(Position.START);
        }
        migration.carrying(executor).execute(outside);
        assertThat(outside.get(10, TimeUnit.SECONDS)).isEqualTo(Position.of(Stage.DUAL_WRITE));
    }

    @Test
    void innerScope_hasTheViewOfTheOuter_andBothAreWaitedFor() {
        try (MigrationScope outer = migration.begin();
                MigrationScope inner = migration.begin()) {
            assertThat(inner.view()).isEqualTo(outer.view());
            assertThat(migration.awaitEarlierUnits(MOMENT)).isFalse();
        }
        assertThat(migration.awaitEarlierUnits(LONG)).isTrue();
    }
}
