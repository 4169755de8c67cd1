package dev.migrate.dualwrite;

import static dev.migrate.dualwrite.RouterFixture.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.migrate.Migration;
import dev.migrate.MigrationThreads;
import dev.migrate.Stage;
import dev.migrate.dualwrite.MapRecords.Item;
import dev.migrate.store.InMemoryMigrationStore;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The attempt right after a commit, when there are more of them than the shadow's threads can make. */
class AttemptAfterCommitTest {
    @Test
    void attemptsThatAThousandWaitFor_areLeftToTheWorker() {
        try (RouterFixture fixture = new RouterFixture().at(Stage.DUAL_WRITE)) {
            CountDownLatch release = new CountDownLatch(1);
            fixture.target.before = (what, key) -> release.await();
            fixture.router.write(item(0, "a"));
            await().until(() -> fixture.target.writes.get() == 1);
            for (long key = 1; key <= 1_500; key++) {
                fixture.router.write(item(key, "a"));
            }
            release.countDown();
            await().until(() -> fixture.migration.threads().isIdle());
            assertThat(fixture.target.rows)
                    .as("the one under way, and those that waited")
                    .hasSize(1_001);
            assertThat(fixture.router.debt().keys()).isEqualTo(500);
            fixture.router.write(item(2_000, "a"));
            await().until(() -> fixture.target.rows.containsKey(2_000L));
            assertThat(fixture.router.repair()).isEqualTo(500);
            assertThat(fixture.target.rows).isEqualTo(fixture.legacy.rows);
        }
    }

    /** What the shadow's threads do not take is the worker's, and the next write is attempted as if nothing had been. */
    @Test
    void attemptThatTheThreadsDoNotTake_isLeftToTheWorker_andTheNextIsMade() {
        MapRecords legacy = new MapRecords();
        MapRecords target = new MapRecords();
        try (MigrationThreads threads = MigrationThreads.of("small", 1, 1);
                Migration migration = Migration.named("items")
                        .store(new InMemoryMigrationStore())
                        .threads(threads)
                        .build();
                DualWriteRouter<Long, Item> router = DualWriteRouter.of(migration)
                        .legacy(legacy)
                        .target(target)
                        .key(Item::id)
                        .repairEvery(Duration.ofDays(1))
                        .build()) {
            migration.moveTo(Stage.DUAL_WRITE, "test");
            CountDownLatch release = new CountDownLatch(1);
            await().until(() -> threads.offer(() -> standStill(release)));
            await().until(() -> threads.waiting() == 0);
            assertThat(threads.offer(() -> {})).as("the queue is full").isTrue();
            int lost = 1_100;
            for (long key = 1; key <= lost; key++) {
                router.write(item(key, "a"));
            }
            assertThat(threads.dropped()).isEqualTo(lost);
            release.countDown();
            await().until(threads::isIdle);
            assertThat(target.rows).isEmpty();
            assertThat(router.debt().keys()).isEqualTo(lost);
            router.write(item(0, "a"));
            await().until(() -> target.rows.containsKey(0L));
            await().until(threads::isIdle);
            assertThat(target.rows).as("only its own").containsOnlyKeys(0L);
            assertThat(router.repair()).isEqualTo(lost);
        }
    }

    private static void standStill(CountDownLatch release) {
        try {
            release.await();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }
}
