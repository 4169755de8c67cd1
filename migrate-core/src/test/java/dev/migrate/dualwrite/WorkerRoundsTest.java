package dev.migrate.dualwrite;

import static dev.migrate.dualwrite.RouterFixture.item;
import static dev.migrate.dualwrite.StaffFixture.person;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.KeyParked;
import dev.migrate.MigrationEvent.ShadowWriteFailed;
import dev.migrate.MigrationEvent.ShadowWriteRepaired;
import dev.migrate.MigrationException;
import dev.migrate.MigrationThreads;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.Version;
import dev.migrate.dualwrite.MapRecords.Item;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.store.InMemoryMigrationStore;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one round of the worker does with what is owed, and what it says of it. */
class WorkerRoundsTest {
    private interface Before {
        void call(SideBooks real, String method) throws Exception;
    }

    private final AtomicReference<Before> before = new AtomicReference<>((real, method) -> {});
    private final Map<Side, SideBooks> books = new ConcurrentHashMap<>();
    private RouterFixture fixture = fixture(UnaryOperator.identity());

    private RouterFixture fixture(UnaryOperator<DualWriteRouterBuilder<Long, Item>> options) {
        books.clear();
        return new RouterFixture(
                        RouterFixture.keeping((made, side) -> books.computeIfAbsent(side, unused -> hooked(made))),
                        options)
                .at(Stage.DUAL_WRITE);
    }

    private SideBooks hooked(SideBooks real) {
        return (SideBooks) Proxy.newProxyInstance(
                SideBooks.class.getClassLoader(), new Class<?>[] {SideBooks.class}, (proxy, method, arguments) -> {
                    before.get().call(real, method.getName());
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    @AfterEach
    void close() {
        Thread.interrupted();
        fixture.close();
    }

    private static MapRecords.Hook failing(Exception failure) {
        return (what, key) -> {
            if (what.equals("write")) {
                throw failure;
            }
        };
    }

    private void idle() {
        await().until(() -> fixture.migration.threads().isIdle());
    }

    /** What is owed by writes past the router, which no attempt follows at once. */
    private void owe(long keys) {
        LongStream.range(0, keys).forEach(key -> {
            fixture.legacy.rows.put(key, item(key, "a"));
            books.get(Side.LEGACY).owe(List.of(new SideBooks.Key("l:" + key, 0)), Instant.EPOCH);
        });
    }

    @Test
    void copyThatArrivesAtOnce_isNotToldAsARepair() {
        fixture.router.write(item(1, "a"));
        idle();
        assertThat(fixture.target.rows).containsKey(1L);
        assertThat(fixture.events(ShadowWriteRepaired.class)).isEmpty();
    }

    @Test
    void round_goesOnUntilNothingIsDue_unlessItsThreadIsInterrupted() {
        owe(450);
        Thread.currentThread().interrupt();
        assertThat(fixture.router.repair()).as("one claim").isEqualTo(200);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(fixture.router.repair()).isEqualTo(250);
    }

    @Test
    void overdueCalls_areSettledInOneRound_unlessItsThreadIsInterrupted() {
        try (IntentFixture intents = new IntentFixture(new MapRecords(), new MapRecords()).at(Stage.DUAL_WRITE)) {
            intents.router.perhapsTouched(LongStream.range(0, 450).boxed().toList());
            intents.pass(IntentFixture.LIMIT);
            Thread.currentThread().interrupt();
            intents.router.repair();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(intents.router.debt().intents()).isEqualTo(250);
            intents.router.repair();
            assertThat(intents.router.debt().intents()).isZero();
        }
    }

    /** The copy would be struck out before it commits. */
    @Test
    void round_insideATransactionOfTheShadow_isRefused() throws Exception {
        try (StaffFixture staff = new StaffFixture()) {
            staff.target.books("staff", "default", Side.TARGET).inTransaction(() -> {
                assertThatThrownBy(() -> staff.router.repair())
                        .isInstanceOf(MigrationException.class)
                        .hasMessageContaining("running transaction of the TARGET side");
                return true;
            });
        }
    }

    @Test
    void interruptedCopy_leavesTheThreadInterrupted_andTheKeyOwed() {
        owe(1);
        fixture.target.before = failing(new InterruptedException("shutdown"));
        assertThat(fixture.router.repair()).isZero();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(fixture.router.debt().keys()).isEqualTo(1);
        fixture.target.before = failing(new IOException("target down"));
        books.get(Side.LEGACY).hasten(SegmentRange.ALL);
        assertThat(fixture.router.repair()).isZero();
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void journalThatCannotBeRead_isToldAsAFailureOfTheKey() {
        owe(1);
        IllegalStateException unreachable = new IllegalStateException("journal out of reach");
        before.set((real, method) -> {
            if (method.equals("owed")) {
                throw unreachable;
            }
        });
        assertThat(fixture.router.repair()).isZero();
        assertThat(fixture.events(ShadowWriteFailed.class)).singleElement().satisfies(event -> {
            assertThat(event.key()).isEqualTo("l:0");
            assertThat(event.cause()).isSameAs(unreachable);
        });
    }

    @Test
    void failureThatCannotBeNoted_isToldToo_andParksNothing() {
        fixture.close();
        fixture = fixture(options -> options.parkAfter(1));
        owe(1);
        IOException down = new IOException("target down");
        IllegalStateException unreachable = new IllegalStateException("journal out of reach");
        fixture.target.before = failing(down);
        before.set((real, method) -> {
            if (method.equals("postpone")) {
                throw unreachable;
            }
        });
        assertThat(fixture.router.repair()).isZero();
        assertThat(fixture.events(ShadowWriteFailed.class))
                .extracting(ShadowWriteFailed::cause)
                .containsExactly(down, unreachable);
        assertThat(fixture.events(KeyParked.class)).isEmpty();
    }

    /** Another node has copied it since the journal was asked what is due. */
    @Test
    void keyThatAnotherNodeHasCopied_isPendingNoMore() {
        fixture.at(Stage.LIVE);
        fixture.legacy.before = failing(new IOException("legacy down"));
        fixture.router.write(item(1, "a"));
        idle();
        fixture.legacy.before = (what, key) -> {};
        SideBooks target = books.get(Side.TARGET);
        target.hasten(SegmentRange.ALL);
        before.set((real, method) -> {
            if (method.equals("owed")) {
                before.set((unused, none) -> {});
                fixture.legacy.rows.put(1L, item(1, "a"));
                Version owed = real.owed("l:1").orElseThrow();
                assertThat(real.settle("l:1", owed)).isTrue();
            }
        });
        assertThat(fixture.router.repair()).as("it has arrived, by whomever").isEqualTo(1);
        fixture.target.before = (what, key) -> {
            throw new IOException("target down");
        };
        assertThat(fixture.router.read(1L)).hasValue(item(1, "a"));
    }

    /** It takes every key for pending until a round has found that nothing is owed. */
    @Test
    void nodeThatBeginsWithDebt_answersForAFailingTargetOnceAllHasArrived() {
        fixture.at(Stage.LIVE);
        fixture.legacy.before = failing(new IOException("legacy down"));
        fixture.router.write(item(1, "a"));
        fixture.legacy.rows.put(2L, item(2, "b"));
        idle();
        try (DualWriteRouter<Long, Item> begun = fixture.newRouter()) {
            IOException down = new IOException("target down");
            MapRecords.Hook failingReads = (what, key) -> {
                if (what.equals("read")) {
                    throw down;
                }
            };
            fixture.target.before = failingReads;
            assertThatThrownBy(() -> begun.read(2L)).isSameAs(down);
            begun.repair();
            assertThatThrownBy(() -> begun.read(2L)).as("one is still owed").isSameAs(down);
            fixture.target.before = (what, key) -> {};
            fixture.legacy.before = (what, key) -> {};
            books.get(Side.TARGET).hasten(SegmentRange.ALL);
            assertThat(begun.repair()).isEqualTo(1);
            assertThat(begun.repair()).isZero();
            fixture.target.before = failingReads;
            assertThat(begun.read(2L)).hasValue(item(2, "b"));
        }
    }

    /** Half of 400 milliseconds at least after the first failure, and all of them at most. */
    @Test
    void failedKey_isDueAfterItsPause() {
        try (StaffFixture staff = new StaffFixture()) {
            staff.target.before = key -> {
                throw new IOException("target down");
            };
            staff.write(person(1, "a"));
            staff.idle();
            staff.target.before = key -> {};
            staff.now.updateAndGet(instant -> instant.plusMillis(199));
            assertThat(staff.router.repair()).isZero();
            staff.now.updateAndGet(instant -> instant.plusMillis(201));
            assertThat(staff.router.repair()).isEqualTo(1);
        }
    }

    @Test
    void worker_goesOnRoundAfterRound_alsoAfterTheThreadsHadNoPlaceForIt() throws Exception {
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
                        .repairEvery(Duration.ofMillis(5))
                        .build()) {
            migration.moveTo(Stage.DUAL_WRITE, "test");
            CountDownLatch release = new CountDownLatch(1);
            await().until(() -> threads.offer(() -> {
                try {
                    release.await();
                } catch (InterruptedException closed) {
                    Thread.currentThread().interrupt();
                }
            }));
            await("a round that waits, and those that find no place").until(() -> threads.waiting() == 1);
            long dropped = threads.dropped();
            router.write(item(1, "a"));
            assertThat(threads.dropped()).as("the attempt after the commit").isGreaterThan(dropped);
            release.countDown();
            await().until(() -> target.rows.containsKey(1L));
            target.before = failing(new IOException("target down"));
            router.write(item(2, "a"));
            await().until(() -> target.writes.get() > 1);
            target.before = (what, key) -> {};
            await().until(() -> target.rows.containsKey(2L) && router.debt().isNone());
        }
    }
}
