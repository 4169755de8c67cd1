package dev.migrate.dualwrite;

import static dev.migrate.dualwrite.IntentFixture.LIMIT;
import static dev.migrate.dualwrite.RouterFixture.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.migrate.MigrationEvent.Comparison;
import dev.migrate.MigrationEvent.OutcomeUnknown;
import dev.migrate.MigrationEvent.ReadCompared;
import dev.migrate.MigrationException;
import dev.migrate.MigrationScope;
import dev.migrate.Position;
import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.StepRefusedException;
import dev.migrate.UnknownOutcomeException;
import dev.migrate.side.Debt;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnnouncedWritesTest {
    private static final class Declined extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private final MapRecords legacy = new MapRecords();
    private final MapRecords target = new MapRecords();
    private final IntentFixture fixture = new IntentFixture(
                    legacy, target, options -> options.business(Declined.class).nothingDone(ConnectException.class))
            .at(Stage.SHADOW);

    @AfterEach
    void close() {
        fixture.close();
    }

    private void awaitEqual() {
        await().until(() ->
                fixture.router.repair() >= 0 && fixture.router.debt().isNone());
        assertThat(target.rows).isEqualTo(legacy.rows);
    }

    private Throwable failedWrite(Throwable failure) {
        legacy.before = (what, key) -> {
            if (what.equals("write")) {
                throw failure instanceof Error error ? error(error) : (Exception) failure;
            }
        };
        Throwable thrown = catchThrowable(() -> fixture.router.write(item(1, "a")));
        legacy.before = (what, key) -> {};
        return thrown;
    }

    private static Exception error(Error error) {
        throw error;
    }

    @Test
    void write_isAnnouncedBeforeTheCall_andOwedOnceItHasEnded() {
        List<Debt> during = new ArrayList<>();
        legacy.before = (what, key) -> {
            if (what.equals("write")) {
                during.add(fixture.books.get(Side.LEGACY).debt());
            }
        };
        fixture.router.write(item(1, "a"));
        assertThat(during).singleElement().satisfies(debt -> {
            assertThat(debt.intents()).isEqualTo(1);
            assertThat(debt.keys()).isZero();
        });
        assertThat(fixture.router.debt().intents()).isZero();
        awaitEqual();
        assertThat(fixture.events(OutcomeUnknown.class)).isEmpty();
    }

    @Test
    void callThatMayYetTakeEffect_isTheCallersFailure_andIsCopiedWheneverItDoes() {
        for (Throwable failure : new Throwable[] {new SocketTimeoutException(), new StackOverflowError()}) {
            fixture.events.clear();
            legacy.rows.put(1L, item(1, "before the call failed"));
            assertThat(failedWrite(failure)).isSameAs(failure).hasNoSuppressedExceptions();
            assertThat(fixture.events(OutcomeUnknown.class)).singleElement().satisfies(event -> {
                assertThat(event.cause()).isSameAs(failure);
                assertThat(event.side()).isEqualTo(Side.LEGACY);
                assertThat(event.subject()).isEqualTo("default");
            });
            await().until(() -> fixture.router.debt().keys() == 0);
            assertThat(target.rows).as("what it had done already").isEqualTo(legacy.rows);

            legacy.rows.put(1L, item(1, "long after the call failed"));
            fixture.router.repair();
            assertThat(fixture.router.debt().intents()).isEqualTo(1);
            assertThat(target.rows).isNotEqualTo(legacy.rows);
            fixture.pass(LIMIT);
            awaitEqual();
        }
    }

    @Test
    void callThatIsOver_isNoUnknownOutcome() {
        for (IOException failure : new IOException[] {new Declined(), new ConnectException()}) {
            assertThat(failedWrite(failure)).isSameAs(failure);
            assertThat(fixture.router.debt().intents()).isZero();
            awaitEqual();
        }
        assertThat(fixture.events(OutcomeUnknown.class)).isEmpty();
    }

    /** Whoever settled it may have handed authority over meanwhile. */
    @Test
    void writeThatWasSettledMeanwhile_isNotAcknowledged() {
        legacy.before = (what, key) -> {
            if (what.equals("write")) {
                fixture.pass(LIMIT);
                fixture.router.repair();
            }
        };
        Throwable thrown = catchThrowable(() -> fixture.router.write(item(1, "a")));
        assertThat(thrown)
                .isInstanceOf(UnknownOutcomeException.class)
                .hasMessageContaining("PT30S of callsEndWithin")
                .hasMessageContaining("read the key");
        assertThat(fixture.events(OutcomeUnknown.class))
                .extracting(OutcomeUnknown::cause)
                .containsExactly(thrown);
        awaitEqual();
        assertThat(target.rows.get(1L)).isEqualTo(item(1, "a"));
    }

    @Test
    void writeThatIsSlowButInTime_isAcknowledged() {
        legacy.before = (what, key) -> {
            fixture.pass(LIMIT.minusSeconds(1));
            fixture.router.repair();
        };
        fixture.router.write(item(1, "a"));
        legacy.before = (what, key) -> {};
        awaitEqual();
    }

    @Test
    void lostAcknowledgement_isAnUnknownOutcome_andTheWriteIsCopied() {
        fixture.losesAcknowledgements.set(true);
        assertThatThrownBy(() -> fixture.router.write(item(1, "a")))
                .isInstanceOf(UnknownOutcomeException.class)
                .hasMessageContaining("its acknowledgement was lost")
                .hasRootCauseMessage("connection reset");
        assertThat(fixture.router.debt().intents()).isEqualTo(1);
        fixture.pass(LIMIT);
        awaitEqual();
        assertThat(target.rows.get(1L)).isEqualTo(item(1, "a"));
    }

    @Test
    void booksOutOfReachAfterAFailedCall_doNotHideTheFailure() {
        fixture.losesAcknowledgements.set(true);
        Declined failure = new Declined();
        assertThat(failedWrite(failure)).isSameAs(failure);
        assertThat(failure.getSuppressed()).singleElement().isInstanceOf(IllegalStateException.class);
        fixture.pass(LIMIT);
        awaitEqual();
    }

    @Test
    void handover_waitsForACallThatMayYetTakeEffect_andSettlesItItselfOnceItIsOver() {
        failedWrite(new SocketTimeoutException());
        await().until(() -> fixture.router.debt().keys() == 0);
        assertThatThrownBy(() -> fixture.migration.moveTo(Stage.LIVE, "too early"))
                .isInstanceOf(StepRefusedException.class)
                .hasMessageContaining("1 writes had not ended");
        legacy.rows.put(1L, item(1, "late"));
        fixture.pass(LIMIT);
        fixture.migration.moveTo(Stage.LIVE, "now");
        assertThat(fixture.router.read(1L)).hasValue(item(1, "late"));
    }

    /** The caller waits in vain, because the one who fences is another node. */
    @Test
    void write_whereTheSideIsFenced_isRefusedAndNotMade() {
        SideBooks books = fixture.books.get(Side.LEGACY);
        long epoch = books.roles().get(0).epoch();
        books.assign(SegmentRange.ALL, Role.FENCED, true, epoch + 1);
        assertThatThrownBy(() -> fixture.router.write(item(1, "a")))
                .isInstanceOf(RefusedWriteException.class)
                .hasMessageContaining("raiseEpoch");
        try (MigrationScope scope = fixture.migration.begin()) {
            assertThatThrownBy(() -> fixture.router.write(item(1, "a")))
                    .isInstanceOf(RefusedWriteException.class)
                    .hasMessageContaining("FENCED");
        }
        assertThat(legacy.writes).hasValue(0);
        assertThat(fixture.router.debt().isNone()).isTrue();
    }

    @Test
    void comparedRead_ofAKeyThatIsBeingWritten_findsNothing() throws Exception {
        CountDownLatch hasWritten = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        legacy.after = (what, key) -> {
            if (what.equals("write")) {
                hasWritten.countDown();
                released.await();
            }
        };
        CompletableFuture<MapRecords.Item> writing =
                CompletableFuture.supplyAsync(() -> fixture.router.write(item(1, "a")));
        hasWritten.await();
        fixture.router.read(1L);
        await().until(() -> !fixture.events(ReadCompared.class).isEmpty());
        assertThat(fixture.events(ReadCompared.class).get(0).result()).isEqualTo(Comparison.IN_FLIGHT);
        released.countDown();
        writing.get(10, TimeUnit.SECONDS);
    }

    @Test
    void debtOnTheSideThatWasLeft_isMovedToTheOneThatIsRight() {
        fixture.router.write(item(1, "a"));
        awaitEqual();
        fixture.at(Stage.LIVE);
        legacy.rows.put(1L, item(1, "arrived after authority had moved"));
        fixture.books.get(Side.LEGACY).owe(List.of(new SideBooks.Key("l:1", segmentOf(1L))), Instant.EPOCH);
        awaitEqual();
        assertThat(legacy.rows.get(1L)).isEqualTo(item(1, "a"));
    }

    private int segmentOf(Long key) {
        return Position.segmentOf(fixture.migration.bucketOf(key));
    }

    /** What the taker owes stands in the wrong place, and says that it may lack a write. */
    @Test
    void handover_waitsForWhatTheTakerOwes() {
        fixture.router.write(item(1, "a"));
        awaitEqual();
        fixture.at(Stage.LIVE);
        legacy.rows.put(1L, item(1, "arrived after authority had moved"));
        fixture.books.get(Side.LEGACY).owe(List.of(new SideBooks.Key("l:1", segmentOf(1L))), Instant.EPOCH);
        fixture.migration.moveTo(Stage.SHADOW, "back");
        assertThat(fixture.router.read(1L)).hasValue(item(1, "a"));
    }

    @Test
    void perhapsTouched_isCopiedNow_andOnceMoreWhenTheCallIsOver() {
        legacy.rows.put(7L, item(7, "by a call past the router"));
        fixture.router.perhapsTouched(List.of(7L));
        await().until(() -> fixture.router.debt().keys() == 0);
        assertThat(target.rows).isEqualTo(legacy.rows);
        legacy.rows.put(7L, item(7, "later"));
        fixture.pass(LIMIT);
        awaitEqual();
    }

    @Test
    void perhapsTouched_doesNotWaitForeverForAHandover() {
        SideBooks books = fixture.books.get(Side.LEGACY);
        books.assign(SegmentRange.ALL, Role.FENCED, true, books.roles().get(0).epoch() + 1);
        legacy.rows.put(7L, item(7, "by a call past the router"));
        assertThatThrownBy(() -> fixture.router.perhapsTouched(List.of(7L))).isInstanceOf(RefusedWriteException.class);
        awaitEqual(); // owed all the same
    }

    @Test
    void options_areRefusedWithRuleValueAndRemedy() {
        var options = DualWriteRouter.of(fixture.migration).legacy(legacy);
        assertThatThrownBy(() -> options.callsEndWithin(Duration.ZERO))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("callsEndWithin must be positive, but was PT0S");
        assertThatThrownBy(() -> options.nothingDone(IOException.class)).hasMessageContaining("name the narrow one");
        assertThatThrownBy(() -> options.business(Declined.class).nothingDone(Declined.class))
                .hasMessageContaining("declared BUSINESS already");
    }
}
