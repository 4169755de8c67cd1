package dev.migrate.dualwrite;

import static dev.migrate.dualwrite.RouterFixture.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.MigrationScope;
import dev.migrate.MigrationStore;
import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.UnknownOutcomeException;
import dev.migrate.dualwrite.MapRecords.Item;
import dev.migrate.side.SideBooks;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node that stands still in the middle of a call that nothing is owed for, while the others begin to write both sides without it. */
class LapsedLeaseTest {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration NO_LEASE_AT_ALL = Duration.ofDays(1);
    private final AtomicLong seconds = new AtomicLong();
    private final MapRecords legacy = new MapRecords();
    private final MapRecords target = new MapRecords();
    private final Map<Side, SideBooks> books = new ConcurrentHashMap<>();
    private final MigrationStore store = RouterFixture.keeping(
            () -> Instant.EPOCH.plusSeconds(seconds.get()),
            (made, side) -> books.computeIfAbsent(side, unused -> reachable(made)));
    private final AtomicBoolean areBooksGone = new AtomicBoolean();
    private final CountDownLatch isOnItsWay = new CountDownLatch(1);
    private final CountDownLatch standsStill = new CountDownLatch(1);
    private final CountDownLatch goesOn = new CountDownLatch(1);
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private Node paused;
    private Node other;

    private record Node(Migration migration, DualWriteRouter<Long, Item> router) implements AutoCloseable {
        @Override
        public void close() {
            router.close();
            migration.close();
        }
    }

    private Node node(String name, Duration lease) {
        Migration migration = Migration.named("items")
                .store(store)
                .node(name)
                .time(() -> Instant.EPOCH.plusSeconds(seconds.get()))
                .refreshEvery(Duration.ofMillis(10))
                .lease(lease)
                .operator(() -> "test")
                .build();
        return new Node(
                migration,
                DualWriteRouter.of(migration)
                        .legacy(legacy)
                        .target(target)
                        .key(Item::id)
                        .repairEvery(Duration.ofDays(1))
                        .build());
    }

    private SideBooks reachable(SideBooks inner) {
        return (SideBooks) Proxy.newProxyInstance(
                SideBooks.class.getClassLoader(), new Class<?>[] {SideBooks.class}, (proxy, method, arguments) -> {
                    if (areBooksGone.get() && method.getName().equals("admit")) {
                        throw new MigrationException("the books are out of reach");
                    }
                    try {
                        return method.invoke(inner, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    @AfterEach
    void close() {
        goesOn.countDown();
        paused.close();
        other.close();
    }

    /** Begins a write, and lets the node stand still in it until its lease has run out. */
    private FutureTask<Item> pausedWrite(Duration lease) throws InterruptedException {
        paused = node("paused", lease);
        other = node("other", LEASE);
        legacy.before = (what, key) -> {
            if (what.equals("write") && isOnItsWay.getCount() > 0) {
                isOnItsWay.countDown();
                goesOn.await();
                if (failure.get() != null) {
                    legacy.rows.put(key, item(key, "written before it failed"));
                    throw failure.get();
                }
            }
        };
        FutureTask<Item> write = new FutureTask<>(() -> paused.router().write(item(1, "late")));
        new Thread(write).start();
        isOnItsWay.await();
        paused.migration().threads().after(Duration.ZERO, this::standStill);
        standsStill.await();
        seconds.addAndGet(LEASE.toSeconds());
        return write;
    }

    private void standStill() {
        standsStill.countDown();
        try {
            goesOn.await();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a backfill does once the others write both sides. */
    private void othersBegin(Stage stage) {
        legacy.rows.put(1L, item(1, "before"));
        while (other.migration().current().stage() != stage) {
            other.migration().moveTo(other.migration().current().stage().next().orElseThrow(), "test");
            other.router().touched(java.util.List.of(1L));
            await().until(() ->
                    other.router().repair() >= 0 && other.router().debt().isNone());
        }
        assertThat(target.rows).isEqualTo(legacy.rows).isNotEmpty();
    }

    private void awaitNoDebt() {
        await().until(() ->
                other.router().repair() >= 0 && other.router().debt().isNone());
    }

    @Test
    void writeThatLandsAfterOthersHaveBegun_isOwedAfterAll_andCounts() throws Exception {
        FutureTask<Item> write = pausedWrite(LEASE);
        othersBegin(Stage.DUAL_WRITE);
        goesOn.countDown();
        assertThat(write.get(10, TimeUnit.SECONDS)).isEqualTo(item(1, "late"));
        awaitNoDebt();
        assertThat(target.rows).isEqualTo(legacy.rows).containsEntry(1L, item(1, "late"));
    }

    /** It goes by what the node knew before it stood still, although the lease is valid again and the node knows better. */
    @Test
    void writeInAScopeFromBefore_isOwedAfterAll() throws Exception {
        paused = node("paused", LEASE);
        other = node("other", LEASE);
        try (MigrationScope scope = paused.migration().begin()) {
            paused.migration().threads().after(Duration.ZERO, this::standStill);
            standsStill.await();
            seconds.addAndGet(LEASE.toSeconds());
            othersBegin(Stage.DUAL_WRITE);
            goesOn.countDown();
            assertThat(paused.migration().refresh().position()).isEqualTo(Position.of(Stage.DUAL_WRITE));
            paused.router().write(item(1, "late"));
            assertThat(scope).isNotNull();
        }
        awaitNoDebt();
        assertThat(target.rows).isEqualTo(legacy.rows).containsEntry(1L, item(1, "late"));
    }

    @Test
    void writeThatFailsAfterOthersHaveBegun_isOwedToo() throws Exception {
        IOException reset = new IOException("connection reset");
        failure.set(reset);
        FutureTask<Item> write = pausedWrite(LEASE);
        othersBegin(Stage.DUAL_WRITE);
        goesOn.countDown();
        assertThatThrownBy(() -> write.get(10, TimeUnit.SECONDS)).hasCause(reset);
        awaitNoDebt();
        assertThat(target.rows).isEqualTo(legacy.rows).containsEntry(1L, item(1, "written before it failed"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void writeOfWhichTheBooksCannotBeAsked_isNotAcknowledged_andOwedOnceTheyCan(boolean fails) throws Exception {
        if (fails) {
            failure.set(new IOException("connection reset"));
        }
        FutureTask<Item> write = pausedWrite(LEASE);
        othersBegin(Stage.DUAL_WRITE);
        areBooksGone.set(true);
        goesOn.countDown();
        assertThatThrownBy(() -> write.get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(fails ? IOException.class : UnknownOutcomeException.class);
        paused.router().repair();
        assertThat(target.rows).as("the books are still out of reach").isNotEqualTo(legacy.rows);
        areBooksGone.set(false);
        paused.router().repair();
        awaitNoDebt();
        assertThat(target.rows).isEqualTo(legacy.rows).doesNotContainEntry(1L, item(1, "before"));
    }

    @Test
    void writeThatLandsAfterAuthorityHasMoved_isNotAcknowledged_andHealed() throws Exception {
        FutureTask<Item> write = pausedWrite(LEASE);
        othersBegin(Stage.LIVE);
        goesOn.countDown();
        assertThatThrownBy(() -> write.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(UnknownOutcomeException.class)
                .hasMessageContaining("lease ran out");
        awaitNoDebt();
        assertThat(legacy.rows).isEqualTo(target.rows).containsEntry(1L, item(1, "before"));
    }

    @Test
    void writeWithinTheLease_asksNobody_andOwesNothing() throws Exception {
        paused = node("paused", LEASE);
        other = node("other", LEASE);
        paused.router().write(item(1, "a"));
        assertThat(books.get(Side.LEGACY).debt().isNone()).isTrue();
    }

    /** A broken variant, in which the node never notices: its lease is longer than that by which the others gave it up. */
    @Test
    void nodeThatDoesNotNotice_leavesTheSidesUnequal_andNothingOwed() throws Exception {
        FutureTask<Item> write = pausedWrite(NO_LEASE_AT_ALL);
        store.leave("items", "paused"); // given up on
        othersBegin(Stage.DUAL_WRITE);
        goesOn.countDown();
        assertThat(write.get(10, TimeUnit.SECONDS)).isEqualTo(item(1, "late"));
        awaitNoDebt();
        assertThat(target.rows).isNotEqualTo(legacy.rows);
    }
}
