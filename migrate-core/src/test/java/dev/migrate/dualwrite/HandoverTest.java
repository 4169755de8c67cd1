package dev.migrate.dualwrite;

import static dev.migrate.dualwrite.RouterFixture.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.Comparison;
import dev.migrate.MigrationEvent.ReadCompared;
import dev.migrate.MigrationEvent.ShadowWriteFailed;
import dev.migrate.Setting;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.StepRefusedException;
import dev.migrate.Version;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class HandoverTest {
    private final Map<Side, SideBooks> books = new ConcurrentHashMap<>();
    private final RouterFixture fixture = new RouterFixture(
                    RouterFixture.keeping((made, side) -> {
                        books.put(side, made);
                        return made;
                    }),
                    UnaryOperator.identity())
            .at(Stage.SHADOW);

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
        long announced = migration.store()
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
