package dev.migrate.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.Migration;
import dev.migrate.MigrationBuilder;
import dev.migrate.MigrationEvent.ShadowWorkDropped;
import dev.migrate.MigrationException;
import dev.migrate.MigrationThreads;
import dev.migrate.store.InMemoryMigrationStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class MigrationThreadsTest {
    private static long running(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .count();
    }

    private static List<Migration> fifty(String name, MigrationThreads shared) {
        List<Migration> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            MigrationBuilder options = Migration.named(name + "-" + i).store(new InMemoryMigrationStore());
            all.add((shared == null ? options : options.threads(shared)).build());
        }
        return all;
    }

    private static void offerToAll(List<Migration> migrations, int pieces, CountDownLatch ran, CountDownLatch end) {
        for (int piece = 0; piece < pieces; piece++) {
            migrations.forEach(migration -> assertThat(migration.offerToShadow(() -> {
                        ran.countDown();
                        awaitQuietly(end);
                    }))
                    .isTrue());
        }
    }

    /** S5: 50 migrations grow threads from 7 to 104, which are never closed. */
    @Test
    void S5_fiftyMigrationsOnSharedThreads_needNoMoreThanOne_andLeaveNone() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        MigrationThreads shared = MigrationThreads.of("s5shared", 4, 1_000);
        List<Migration> migrations = fifty("s5shared", shared);
        assertThat(running("migrate-s5shared")).as("before there is work").isZero();
        CountDownLatch ran = new CountDownLatch(4);
        offerToAll(migrations, 4, ran, end);
        ran.await();
        assertThat(running("migrate-s5shared")).isEqualTo(4);
        assertThat(shared.waiting()).isEqualTo(4 * 50 - 4);
        migrations.forEach(Migration::close);
        assertThat(running("migrate-s5shared"))
                .as("closed by whoever made them")
                .isEqualTo(4);
        shared.close();
        await().until(() -> running("migrate-s5shared") == 0);
        end.countDown();
    }

    @Test
    void S5_fiftyMigrationsOnTheirOwnThreads_areBounded_andLeaveNone() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        List<Migration> migrations = fifty("s5own", null);
        assertThat(running("migrate-s5own")).as("before there is work").isZero();
        CountDownLatch ran = new CountDownLatch(200);
        offerToAll(migrations, 8, ran, end);
        ran.await();
        assertThat(running("migrate-s5own")).isEqualTo(50 * 4);
        migrations.forEach(Migration::close);
        // A pool has ended a moment before the last of its threads has.
        await().until(() -> running("migrate-s5own") == 0);
        end.countDown();
    }

    @Test
    void S5_threadsAreDaemons_sothatTheJvmNeverLingers() throws Exception {
        BlockingQueue<Boolean> daemon = new ArrayBlockingQueue<>(1);
        try (MigrationThreads threads = MigrationThreads.of("s5daemon", 1, 1)) {
            threads.offer(() -> daemon.add(Thread.currentThread().isDaemon()));
            assertThat(daemon.take()).isTrue();
        }
    }

    /** P2: a saturated executor throws to the caller. */
    @Test
    void P2_whenTheQueueIsFull_workIsDroppedCountedAndPublished_neverThrown() throws Exception {
        RecordedEvents events = new RecordedEvents();
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch ran = new CountDownLatch(1);
        try (MigrationThreads threads = MigrationThreads.of("full", 1, 2);
                Migration orders = Migration.named("orders")
                        .store(new InMemoryMigrationStore())
                        .threads(threads)
                        .listener(events)
                        .build()) {
            Runnable work = () -> {
                ran.countDown();
                awaitQuietly(end);
            };
            assertThat(orders.offerToShadow(work)).isTrue();
            ran.await();
            assertThat(orders.offerToShadow(work)).isTrue();
            assertThat(orders.offerToShadow(work)).isTrue();
            assertThat(orders.offerToShadow(work)).isFalse();
            assertThat(orders.offerToShadow(work)).isFalse();
            assertThat(threads.dropped()).isEqualTo(2);
            assertThat(events.of(ShadowWorkDropped.class))
                    .containsExactly(new ShadowWorkDropped("orders", 1), new ShadowWorkDropped("orders", 2));
            end.countDown();
        }
        assertThat(MigrationThreads.of("closed", 1, 1)).satisfies(closed -> {
            closed.close();
            assertThat(closed.offer(() -> {})).isFalse();
        });
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

    /** S4: thread-locals, among them the MDC, are null in shadow work. */
    @Test
    void S4_theMdcAndRegisteredThreadLocals_areThereInShadowWork_andGoneAfterwards() throws Exception {
        BlockingQueue<String> seen = new ArrayBlockingQueue<>(10);
        Runnable work = () -> seen.add(MDC.get("request") + "/" + TENANT.get());
        try (MigrationThreads threads = MigrationThreads.of("context", 1, 10).carrying(TENANT)) {
            MDC.put("request", "r-1");
            TENANT.set("acme");
            threads.offer(work);
            MDC.put("request", "r-2");
            TENANT.set("other");
            threads.offer(work);
            MDC.clear();
            TENANT.remove();
            threads.offer(work);
            assertThat(List.of(seen.take(), seen.take(), seen.take()))
                    .containsExactly("r-1/acme", "r-2/other", "null/null");
        } finally {
            MDC.clear();
            TENANT.remove();
        }
    }

    /** S3: an Error in shadow work escapes. */
    @Test
    void S3_workThatFails_evenWithAnError_leavesTheThreadsWorking() throws Exception {
        BlockingQueue<String> seen = new ArrayBlockingQueue<>(10);
        try (MigrationThreads threads = MigrationThreads.of("failing", 1, 10)) {
            threads.offer(() -> {
                seen.add(Thread.currentThread().getName());
                throw new StackOverflowError("on purpose");
            });
            threads.offer(() -> {
                seen.add(Thread.currentThread().getName());
                throw new IllegalStateException("on purpose");
            });
            threads.offer(() -> seen.add(Thread.currentThread().getName()));
            String first = seen.take();
            assertThat(List.of(seen.take(), seen.take())).containsOnly(first);
        }
    }

    @Test
    void numbersBelowOne_areRefused() {
        assertThatThrownBy(() -> MigrationThreads.of("none", 0, 1))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("at least 1, but were 0 and 1");
        assertThatThrownBy(() -> MigrationThreads.of("none", 1, 0)).isInstanceOf(MigrationException.class);
    }
}
