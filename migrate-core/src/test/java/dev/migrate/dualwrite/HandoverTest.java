package dev.migrate.dualwrite;

import static dev.migrate.dualwrite.RouterFixture.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.Comparison;
import dev.migrate.MigrationEvent.ReadCompared;
import dev.migrate.MigrationEvent.ShadowWriteFailed;
import dev.migrate.MigrationScope;
import dev.migrate.MigrationStore;
import dev.migrate.Node;
import dev.migrate.Setting;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.StepRefusedException;
import dev.migrate.Version;
import dev.migrate.side.Dismissal;
import dev.migrate.side.Owed;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class HandoverTest {
    private final Map<Side, SideBooks> books = new ConcurrentHashMap<>();
    private final AtomicReference<Consumer<SideBooks>> afterFirstHasten = new AtomicReference<>(unused -> {});
    private final RouterFixture fixture = new RouterFixture(
                    RouterFixture.keeping((made, side) -> {
                        books.putIfAbsent(side, afterHasten(made));
                        return books.get(side);
                    }),
                    UnaryOperator.identity())
            .at(Stage.SHADOW);

    /** Books of which another node makes use right after a handover has hastened what is owed, the first time. */
    private SideBooks afterHasten(SideBooks real) {
        return (SideBooks) Proxy.newProxyInstance(
                SideBooks.class.getClassLoader(), new Class<?>[] {SideBooks.class}, (proxy, method, arguments) -> {
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    } finally {
                        if (method.getName().equals("hasten")) {
                            afterFirstHasten.getAndSet(unused -> {}).accept(real);
                        }
                    }
                });
    }

    /** A claim outlives the time for which writes can be held. */
    @Test
    void keyThatAnotherNodeClaimsDuringTheDrain_andNeverCopies_isDrained() {
        fixture.target.before = (what, key) -> {
            throw new IOException("target down");
        };
        fixture.router.write(item(1, "a"));
        await().until(() -> !fixture.events(ShadowWriteFailed.class).isEmpty());
        fixture.target.before = (what, key) -> {};
        List<Owed> claimed = new CopyOnWriteArrayList<>();
        afterFirstHasten.set(
                legacy -> claimed.addAll(legacy.claim("another", 200, Instant.now(), Duration.ofHours(1))));
        fixture.migration.moveTo(Stage.LIVE, "test");
        assertThat(claimed).hasSize(1);
        assertThat(fixture.target.rows.get(1L)).isEqualTo(item(1, "a"));
        fixture.close();
    }

    /** A back-off may be longer than writes can be held. */
    @Test
    void keyThatIsInAPause_isDrainedAtOnce() {
        fixture.target.before = (what, key) -> {
            throw new IOException("target down");
        };
        fixture.router.write(item(1, "a"));
        await().until(() -> !fixture.events(ShadowWriteFailed.class).isEmpty());
        Version owed = books.get(Side.LEGACY).owed("l:1").orElseThrow();
        fixture.target.before = (what, key) -> {};
        books.get(Side.LEGACY).postpone("l:1", owed, Instant.MAX, "paused", false);
        fixture.migration.moveTo(Stage.LIVE, "test");
        assertThat(fixture.target.rows.get(1L)).isEqualTo(item(1, "a"));
        fixture.close();
    }

    /** Nothing can be drained to a side that the step before has fenced, however long writes are held. */
    @Test
    void stepAfterOneThatWasCutOff_isRefusedAtOnce_andTheNextIsMade() {
        fixture.target.before = (what, key) -> {
            throw new IOException("target down");
        };
        fixture.router.write(item(1, "a"));
        await().until(() -> !fixture.events(ShadowWriteFailed.class).isEmpty());
        fixture.target.before = (what, key) -> {};
        Migration migration = fixture.migration;
        long announced = migration
                .store()
                .change(Setting.Kind.POSITION, "items", migration.latestView().epoch(), "SHADOW", "another", "begins")
                .version();
        for (Side side : Side.values()) {
            assertThat(books.get(side).assign(SegmentRange.ALL, Role.FENCED, true, announced))
                    .isTrue();
        }
        assertThatThrownBy(() -> migration.moveTo(Stage.LIVE, "test"))
                .isInstanceOf(StepRefusedException.class)
                .hasMessageContaining("TARGET side was still fenced by a step that was cut off");
        migration.moveTo(Stage.LIVE, "test");
        assertThat(fixture.target.rows.get(1L)).isEqualTo(item(1, "a"));
        fixture.close();
    }

    @Test
    void stepThatAnotherNodeIsMaking_isLeftAlone_andEndedOnceThatNodeIsGone() {
        MigrationStore store = fixture.migration.store();
        Node.Report stepping = new Node.Report("another", 9, 9, true);
        store.renew("items", stepping, Duration.ofHours(1));
        long announced = store.change(
                        Setting.Kind.POSITION,
                        "items",
                        fixture.migration.latestView().epoch(),
                        "SHADOW",
                        "another",
                        "begins")
                .version();
        books.get(Side.LEGACY).assign(SegmentRange.ALL, Role.FENCED, true, announced);
        fixture.migration.refresh();
        fixture.router.repair();
        assertThat(books.get(Side.LEGACY).roles()).allMatch(segment -> segment.role() == Role.FENCED);
        store.leave("items", "another");
        fixture.router.repair();
        assertThat(books.get(Side.LEGACY).roles()).allMatch(segment -> segment.role() == Role.AUTHORITY);
        fixture.close();
    }

    /** It would fence nothing and drain nothing. */
    @Test
    void processWithoutTheRouter_mayNotHandAuthorityOver() {
        try (Migration elsewhere =
                Migration.named("items").store(fixture.migration.store()).build()) {
            assertThatThrownBy(() -> elsewhere.moveTo(Stage.LIVE, "test"))
                    .isInstanceOf(StepRefusedException.class)
                    .hasMessageContaining("the router of records 'default' is not in this process")
                    .hasMessageContaining("releasePart(");
            elsewhere.moveTo(Stage.DUAL_WRITE, "no authority moves");
            elsewhere.moveTo(Stage.SHADOW, "no authority moves");
            fixture.router.close();
            elsewhere.releasePart("router of records 'default'", "the table is gone");
            elsewhere.moveTo(Stage.LIVE, "test");
        }
        fixture.close();
    }

    private long moveBehindItsBack(String position) {
        Migration migration = fixture.migration;
        long moved = migration
                .store()
                .change(Setting.Kind.POSITION, "items", migration.latestView().epoch(), position, "another", "cut off")
                .version();
        migration.refresh();
        return moved;
    }

    private void assertAllOf(long generation) {
        for (Side side : Side.values()) {
            assertThat(books.get(side).roles()).isNotEmpty().allMatch(role -> role.epoch() >= generation);
        }
    }

    /** What a step back that was cut off has on its way to a side would else be taken there, in the next generation. */
    @Test
    void stepFromLegacyOnly_tellsBothSidesAnew_alsoWhereTheirRolesAreRight() {
        fixture.at(Stage.DUAL_WRITE);
        moveBehindItsBack("LEGACY_ONLY");
        fixture.migration.moveTo(Stage.DUAL_WRITE, "test");
        assertAllOf(fixture.migration.latestView().epoch());
        fixture.close();
    }

    @Test
    void generationThatNoSideWasToldOf_isATraceOfAStepThatWasCutOff() {
        fixture.at(Stage.DUAL_WRITE);
        moveBehindItsBack("LEGACY_ONLY");
        long generation = moveBehindItsBack("DUAL_WRITE");
        fixture.router.repair();
        assertAllOf(generation);
        fixture.close();
    }

    @Test
    void stepInsideAUnitOfWork_isRefusedAtOnce() {
        try (MigrationScope scope = fixture.migration.begin()) {
            assertThatThrownBy(() -> fixture.migration.moveTo(Stage.LIVE, "test"))
                    .isInstanceOf(StepRefusedException.class)
                    .hasMessageContaining("would wait for itself");
            assertThat(scope).isNotNull();
        }
        fixture.migration.moveTo(Stage.LIVE, "test");
        fixture.close();
    }

    /** What an earlier controller has on its way to either side is refused afterwards, also where the role was right already. */
    @Test
    void abandonedStep_raisesTheEpochOfBothSides() {
        fixture.target.before = (what, key) -> {
            throw new IOException("target down");
        };
        fixture.router.write(item(1, "a"));
        await().until(() -> !fixture.events(ShadowWriteFailed.class).isEmpty());
        afterFirstHasten.set(legacy -> {
            Version owed = legacy.owed("l:1").orElseThrow();
            legacy.postpone("l:1", owed, Instant.MAX, "parked", true);
            legacy.owedKeys().dismiss("l:1", new Dismissal("ada", "in the middle of the drain", Instant.EPOCH));
        });
        assertThatThrownBy(() -> fixture.migration.moveTo(Stage.LIVE, "test"))
                .isInstanceOf(StepRefusedException.class)
                .hasMessageContaining("were dismissed");
        long epoch = fixture.migration.latestView().epoch();
        for (Side side : Side.values()) {
            assertThat(books.get(side).roles()).allMatch(role -> role.epoch() == epoch);
        }
        fixture.close();
    }

    /** Two nodes may find a step cut off at the same moment: the later one leaves it to the other, and its start does not fail. */
    @Test
    void nodeThatIsOvertakenWhileItEndsAStep_starts() {
        fixture.router.close();
        long another = fixture.migration.latestView().epoch() + 100;
        for (Side side : Side.values()) {
            assertThat(books.get(side).assign(SegmentRange.ALL, Role.FENCED, true, another))
                    .isTrue();
        }
        try (DualWriteRouter<Long, MapRecords.Item> router = fixture.newRouter()) {
            assertThat(router.debt().isNone()).isTrue();
        }
        fixture.close();
    }

    /** What is written on the other side meanwhile is on its way back, and no mismatch. */
    @Test
    void comparisonThatAHandoverOvertakes_isInFlight() {
        fixture.router.write(item(1, "a"));
        await().until(() -> fixture.router.debt().isNone());
        CountDownLatch reads = new CountDownLatch(1);
        CountDownLatch moved = new CountDownLatch(1);
        fixture.target.before = (what, key) -> {
            if (what.equals("read")) {
                reads.countDown();
                moved.await();
            }
        };
        assertThat(fixture.router.read(1L)).hasValue(item(1, "a"));
        await().until(() -> reads.getCount() == 0);
        fixture.migration.moveTo(Stage.LIVE, "test");
        fixture.legacy.before = (what, key) -> {
            if (what.equals("write")) {
                throw new IOException("legacy down");
            }
        };
        fixture.router.write(item(1, "b"));
        moved.countDown();
        await().until(() -> !fixture.events(ReadCompared.class).isEmpty());
        assertThat(fixture.events(ReadCompared.class))
                .extracting(ReadCompared::result)
                .containsExactly(Comparison.IN_FLIGHT);
        fixture.close();
    }
}
