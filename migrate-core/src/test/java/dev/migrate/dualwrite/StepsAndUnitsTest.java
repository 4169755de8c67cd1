package dev.migrate.dualwrite;

import static dev.migrate.dualwrite.RouterFixture.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.MigrationException;
import dev.migrate.MigrationScope;
import dev.migrate.Position;
import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.StepRefusedException;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Steps beside units of work that are still running, and what a handover does when it cannot end. */
@Timeout(60)
class StepsAndUnitsTest {
    private final MapRecords legacy = new MapRecords();
    private final MapRecords target = new MapRecords();
    private final IntentFixture fixture = new IntentFixture(legacy, target, UnaryOperator.identity());
    private final CountDownLatch goesOn = new CountDownLatch(1);
    private final CountDownLatch begun = new CountDownLatch(1);

    @AfterEach
    void close() {
        goesOn.countDown();
        fixture.close();
    }

    /** A unit of work of another thread, which goes on until the test says so. */
    private FutureTask<Boolean> unit() throws InterruptedException {
        FutureTask<Boolean> unit = new FutureTask<>(() -> {
            try (MigrationScope scope = fixture.migration.begin()) {
                begun.countDown();
                goesOn.await();
                return scope != null;
            }
        });
        new Thread(unit).start();
        begun.await();
        return unit;
    }

    @Test
    void handover_doesNotPassAUnitOfWorkThatBeganBefore() throws Exception {
        fixture.at(Stage.SHADOW);
        FutureTask<Boolean> unit = unit();
        assertThatThrownBy(() -> fixture.migration.moveTo(Stage.LIVE, "test"))
                .isInstanceOf(StepRefusedException.class)
                .hasMessageContaining("PT0.2S");
        assertThat(fixture.migration.current()).isEqualTo(Position.of(Stage.SHADOW));
        assertThat(fixture.books.get(Side.LEGACY).roles()).allMatch(role -> role.role() == Role.AUTHORITY);
        fixture.router.write(item(1, "goes on"));
        goesOn.countDown();
        assertThat(unit.get(10, TimeUnit.SECONDS)).isTrue();
        fixture.migration.moveTo(Stage.LIVE, "test");
        assertThat(fixture.router.write(item(2, "b"))).isEqualTo(item(2, "b"));
        assertThat(target.rows).containsKey(2L);
    }

    /** A write that was begun without owing may still be on its way when others are owed already. */
    @Test
    void dualWriting_doesNotBeginToCopyBeforeTheUnitsOfBeforeHaveEnded() throws Exception {
        FutureTask<Boolean> unit = unit();
        assertThatThrownBy(() -> fixture.migration.moveTo(Stage.DUAL_WRITE, "test"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("stands at DUAL_WRITE")
                .hasStackTraceContaining(
                        "units of work that began before dual writing were still running after PT0.2S");
        fixture.router.write(item(1, "a"));
        fixture.router.repair();
        assertThat(target.rows).isEmpty();
        goesOn.countDown();
        assertThat(unit.get(10, TimeUnit.SECONDS)).isTrue();
        fixture.migration.raiseEpoch("the unit has ended");
        await().until(() ->
                fixture.router.repair() >= 0 && fixture.router.debt().isNone());
        assertThat(target.rows).containsKey(1L);
    }

    /** What is written after the last copy and before the other side takes over would be nobody's. */
    @Test
    void giver_isFencedInTheRangeBeforeItIsDrained_andTheTakerOnlyAfterwards() {
        fixture.at(Stage.SHADOW);
        long inside = keyIn(true);
        legacy.rows.put(inside, item(inside, "a"));
        List<Role> givers = new CopyOnWriteArrayList<>();
        List<Role> takers = new CopyOnWriteArrayList<>();
        target.before = (what, key) -> {
            givers.add(role(Side.LEGACY, segment(key)));
            takers.add(role(Side.TARGET, segment(key)));
        };
        fixture.books.get(Side.LEGACY).owe(List.of(new SideBooks.Key("l:" + inside, segment(inside))), Instant.EPOCH);
        fixture.migration.moveTo(Position.of(Stage.SHADOW, 500_000), "test");
        assertThat(givers).containsExactly(Role.FENCED);
        assertThat(takers).containsExactly(Role.SHADOW);
        assertThat(role(Side.TARGET, segment(inside))).isEqualTo(Role.AUTHORITY);
        assertThat(role(Side.LEGACY, segment(keyIn(false)))).isEqualTo(Role.AUTHORITY);
    }

    private Role role(Side side, int segment) {
        return fixture.books.get(side).roles().get(segment).role();
    }

    @Test
    void handoverThatCannotDrain_saysHowMuchIsLeft_andLetsWritesGoOn() {
        fixture.at(Stage.SHADOW);
        target.before = (what, key) -> {
            throw new IOException("target down");
        };
        fixture.router.write(item(1, "a"));
        fixture.router.write(item(2, "b"));
        assertThatThrownBy(() -> fixture.migration.moveTo(Stage.LIVE, "test"))
                .isInstanceOf(StepRefusedException.class)
                .hasMessageContaining("2 keys of records 'default' were still owed to the TARGET side after PT0.2S")
                .hasMessageContaining("(0 of them parked)");
        fixture.router.write(item(3, "c"));
        assertThat(legacy.rows).containsKey(3L);
        assertThat(fixture.books.get(Side.TARGET).roles()).allMatch(role -> role.role() == Role.SHADOW);
    }

    /** The keys that are handed over alone: others are written meanwhile. */
    @Test
    void shareThatCannotBeDrained_holdsNoOtherKeyUp() {
        fixture.at(Stage.SHADOW);
        long inside = keyIn(true);
        long outside = keyIn(false);
        target.before = (what, key) -> {
            if (what.equals("write")) {
                fixture.router.write(item(outside, "meanwhile"));
                throw new IOException("target down");
            }
        };
        legacy.rows.put(inside, item(inside, "a"));
        SideBooks books = fixture.books.get(Side.LEGACY);
        books.owe(List.of(new SideBooks.Key("l:" + inside, segment(inside))), Instant.EPOCH);
        assertThatThrownBy(() -> fixture.migration.moveTo(Position.of(Stage.SHADOW, 500_000), "test"))
                .isInstanceOf(StepRefusedException.class);
        assertThat(legacy.rows).containsEntry(outside, item(outside, "meanwhile"));
    }

    private int segment(long key) {
        return Position.segmentOf(fixture.migration.bucketOf(key));
    }

    private long keyIn(boolean isFirstHalf) {
        long key = 0;
        while (segment(key) < 500 != isFirstHalf) {
            key++;
        }
        return key;
    }

    @Test
    void writeThatWaitedTooLongForAHandover_isRefusedWithTheRemedy() {
        fixture.at(Stage.DUAL_WRITE);
        SideBooks books = fixture.books.get(Side.LEGACY);
        books.assign(SegmentRange.ALL, Role.FENCED, true, books.roles().get(0).epoch() + 1);
        assertThatThrownBy(() -> fixture.router.write(item(1, "a")))
                .isInstanceOf(RefusedWriteException.class)
                .hasMessageContaining("refused writes for PT0.2S")
                .hasMessageContaining("raiseEpoch(..)");
        assertThat(legacy.rows).isEmpty();
    }
}
