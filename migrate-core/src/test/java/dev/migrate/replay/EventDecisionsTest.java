package dev.migrate.replay;

import static dev.migrate.replay.Again.EVERY_EVENT;
import static dev.migrate.replay.ReplayFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.migrate.MigrationEvent.KeyDismissed;
import dev.migrate.MigrationEvent.ShadowWriteFailed;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.StepRefusedException;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a person decides of events, what is replayed, and what a handover waits for. */
class EventDecisionsTest {
    private static final String WHY = "INC-7: the customer is gone";

    private static ReplayFixture parkedAt(String id) {
        ReplayFixture fixture = new ReplayFixture();
        fixture.before = event -> {
            if (event.operationId().equals(id)) {
                throw new IOException("refused");
            }
        };
        fixture.append("k", "a");
        fixture.append("k", "b");
        fixture.at(Stage.SHADOW);
        fixture.deliver();
        fixture.deliver();
        assertThat(fixture.replay.parked(10)).hasSize(1);
        return fixture;
    }

    @Test
    void dismissedEvent_letsItsAggregateGoOn_andBarsAHandoverUntilItIsSettled() {
        try (ReplayFixture fixture = parkedAt("a")) {
            assertThat(fixture.replay.dismiss("unknown", WHY)).isFalse();
            assertThat(fixture.replay.dismiss("a", WHY)).isTrue();
            assertThat(fixture.replay.dismiss("a", WHY)).isFalse();
            fixture.replay.repair();
            assertThat(fixture.received()).containsExactly("b");
            assertThat(fixture.replay.debt().isSettled()).isTrue();
            assertThat(fixture.replay.eventDebt().dismissed()).isEqualTo(1);
            assertThat(fixture.events(KeyDismissed.class))
                    .extracting(KeyDismissed::who, KeyDismissed::why)
                    .containsExactly(tuple("ada", WHY));
            assertThatThrownBy(() -> fixture.migration.moveTo(Stage.LIVE, "test"))
                    .isInstanceOf(StepRefusedException.class)
                    .hasMessageContaining("1 events of records 'events' were dismissed");
            assertThat(fixture.replay.settleByHand("a", "called the customer")).isTrue();
            assertThat(fixture.replay.settleByHand("a", "called the customer")).isFalse();
            fixture.migration.moveTo(Stage.LIVE, "test");
            assertThat(fixture.received()).containsExactly("b");
        }
    }

    /** Dismissed after it was looked for what stands against the step. */
    @Test
    void eventThatIsDismissedDuringTheDrain_barsTheHandover() {
        AtomicInteger hastened = new AtomicInteger();
        ReplayFixture[] built = new ReplayFixture[1];
        try (ReplayFixture fixture = new ReplayFixture(log -> AlteredLog.withBooks(log, "hasten", (real, arguments) -> {
            if (built[0] != null && hastened.getAndIncrement() == 0) {
                built[0].replay.dismiss("a", WHY);
            }
            return real.call();
        }))) {
            fixture.append("k", "a");
            fixture.before = event -> {
                throw new IOException("down");
            };
            fixture.at(Stage.SHADOW);
            fixture.replay.repair();
            built[0] = fixture;
            assertThatThrownBy(() -> fixture.migration.moveTo(Stage.LIVE, "test"))
                    .isInstanceOf(StepRefusedException.class)
                    .hasMessageContaining("were dismissed");
            assertThat(fixture.migration.current().stage()).isEqualTo(Stage.SHADOW);
        }
    }

    @Test
    void dismissedEvent_isRedelivered_afterThoseThatHaveArrived() {
        try (ReplayFixture fixture = parkedAt("a")) {
            assertThat(fixture.replay.redeliver("a")).as("it is not dismissed").isFalse();
            fixture.replay.dismiss("a", WHY);
            fixture.replay.repair();
            fixture.before = event -> {};
            assertThat(fixture.replay.redeliver("a")).isTrue();
            fixture.replay.repair();
            assertThat(fixture.received()).containsExactly("b", "a");
            assertThat(fixture.atTarget
                            .get(1)
                            .version()
                            .isAfter(fixture.atTarget.get(0).version()))
                    .as("its place is told by its version")
                    .isFalse();
            assertThat(fixture.replay.eventDebt().dismissed()).isZero();
            fixture.migration.moveTo(Stage.LIVE, "test");
        }
    }

    @Test
    void handover_waitsUntilTheEventsOfItsRangeHaveArrived() throws Exception {
        try (ReplayFixture fixture = new ReplayFixture()) {
            fixture.append("k", "a");
            CountDownLatch isDraining = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            fixture.before = event -> {
                isDraining.countDown();
                goOn.await();
            };
            fixture.at(Stage.SHADOW);
            Thread step = new Thread(() -> fixture.migration.moveTo(Stage.LIVE, "test"));
            step.start();
            await().until(() -> isDraining.getCount() == 0);
            assertThat(fixture.migration.current().stage()).isEqualTo(Stage.SHADOW);
            goOn.countDown();
            step.join();
            assertThat(fixture.migration.current().stage()).isEqualTo(Stage.LIVE);
            assertThat(fixture.received()).containsExactly("a");
        }
    }

    private static ReplayFixture delivered(ReplayFixture fixture) {
        for (int at = 0; at < 3; at++) {
            fixture.append("k", "k" + at, NOW.plusSeconds(at));
            fixture.append("other", "o" + at, NOW.plusSeconds(at));
        }
        fixture.at(Stage.SHADOW);
        fixture.deliver();
        assertThat(fixture.replay.debt().isSettled()).isTrue();
        fixture.atTarget.clear();
        return fixture;
    }

    private static List<LoggedEvent> of(String prefix, ReplayFixture fixture) {
        return fixture.atTarget.stream()
                .filter(event -> event.operationId().startsWith(prefix))
                .toList();
    }

    /** What is open, and occurred before, comes after what is older. */
    @Test
    void replay_deliversAgainWhatOccurredSince_inOrder_underTheSameOperationIdsAndVersions() {
        try (ReplayFixture fixture = delivered(new ReplayFixture())) {
            fixture.before = event -> {
                throw new IOException("down");
            };
            fixture.append("k", "k9", NOW);
            await().until(() -> !fixture.events(ShadowWriteFailed.class).isEmpty());
            await().until(() -> fixture.migration.threads().isIdle());
            fixture.before = event -> {};
            fixture.replay.replayFrom(NOW.plusSeconds(1), EVERY_EVENT);
            assertThat(fixture.replay.isReplaying()).isTrue();
            fixture.deliver();
            assertThat(fixture.replay.isReplaying()).isFalse();
            assertThat(ReplayFixture.ids(of("k", fixture))).containsExactly("k1", "k2", "k9");
            assertThat(ReplayFixture.ids(of("o", fixture))).containsExactly("o1", "o2");
            assertThat(of("k", fixture)).isSortedAccordingTo(Comparator.comparing(LoggedEvent::version));
            assertThat(fixture.replay.debt().isSettled()).isTrue();
        }
    }

    /** What is logged once a replay was asked for comes after what it takes up again, however early its own attempt is made. */
    @Test
    void eventThatIsLoggedAfterAReplayWasAskedFor_waitsForIt_butNotInTheMiddleOfAHandover() {
        try (ReplayFixture fixture = delivered(new ReplayFixture())) {
            fixture.replay.replayFrom(NOW.plusSeconds(1), EVERY_EVENT);
            fixture.append("k", "k9", NOW);
            await().until(() -> fixture.migration.threads().isIdle());
            assertThat(fixture.received()).isEmpty();
            SideBooks books = fixture.logs.get(Side.LEGACY).books();
            books.assign(SegmentRange.ALL, Role.FENCED, true, 1_000);
            fixture.deliver();
            assertThat(fixture.received()).containsExactly("k9");
        }
    }

    /** What the receiver has is known to the ledger, which was not restored here: so nothing is lacking. */
    @Test
    void replayOfWhatTheLedgerLacks_handsOverNothingThatItHas() {
        try (ReplayFixture fixture = delivered(new ReplayFixture())) {
            fixture.replay.replayFrom(NOW, Again.WHAT_THE_LEDGER_LACKS);
            fixture.deliver();
            assertThat(fixture.received()).isEmpty();
            assertThat(fixture.replay.eventDebt().events()).isZero();
        }
    }

    @Test
    void replayThatWasCutOff_goesOnWhereItStood_onAnotherNode() {
        AtomicInteger calls = new AtomicInteger();
        ReplayFixture[] built = new ReplayFixture[1];
        try (ReplayFixture fixture =
                delivered(new ReplayFixture(log -> AlteredLog.of(log, "reopen", (real, arguments) -> {
                    if (built[0] != null && calls.incrementAndGet() == 5) {
                        throw new IllegalStateException("crash");
                    }
                    return real.call();
                })))) {
            built[0] = fixture;
            fixture.replay.replayFrom(NOW, EVERY_EVENT);
            assertThatThrownBy(fixture.replay::repair).isInstanceOf(IllegalStateException.class);
            assertThat(fixture.logs.get(Side.LEGACY).replay().orElseThrow().after())
                    .isEqualTo("s:k");
            assertThat(fixture.logs.get(Side.LEGACY).debt(SegmentRange.ALL).events())
                    .isEqualTo(3);
            try (EventReplay<String> another = fixture.newReplay()) {
                another.repair();
                another.repair();
            }
            await().until(() -> fixture.replay.debt().isSettled());
            assertThat(ReplayFixture.ids(of("k", fixture))).containsExactly("k0", "k1", "k2");
            assertThat(ReplayFixture.ids(of("o", fixture))).containsExactly("o0", "o1", "o2");
            assertThat(calls.get()).as("aggregate k was not taken up again").isEqualTo(8);
        }
    }

    @Test
    void replayThatIsUnderWay_barsAHandover() {
        try (ReplayFixture fixture = delivered(new ReplayFixture())) {
            fixture.replay.replayFrom(NOW, EVERY_EVENT);
            assertThatThrownBy(() -> fixture.migration.moveTo(Stage.LIVE, "test"))
                    .isInstanceOf(StepRefusedException.class)
                    .hasMessageContaining("a replay of records 'events' is under way");
            fixture.deliver();
            fixture.migration.moveTo(Stage.LIVE, "test");
            assertThat(fixture.atTarget).hasSize(6);
        }
    }

    /** Its receiver is where it is written now. */
    @Test
    void replay_leavesOutWhatTheReceiverIsAuthoritativeFor() {
        try (ReplayFixture fixture = delivered(new ReplayFixture()).at(Stage.LIVE)) {
            fixture.replay.replayFrom(NOW, EVERY_EVENT);
            fixture.deliver();
            assertThat(fixture.replay.isReplaying()).isFalse();
            assertThat(fixture.received()).isEmpty();
        }
    }
}
