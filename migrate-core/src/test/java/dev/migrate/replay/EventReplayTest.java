package dev.migrate.replay;

import static dev.migrate.replay.ReplayFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.KeyParked;
import dev.migrate.MigrationEvent.ShadowWriteFailed;
import dev.migrate.MigrationException;
import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.side.Owed;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.store.InMemoryMigrationStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventReplayTest {
    private final ReplayFixture fixture = new ReplayFixture();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    @AfterEach
    void close() {
        fixture.close();
    }

    private void refuse(String... ids) {
        refused.addAll(List.of(ids));
        fixture.before = event -> {
            if (refused.contains(event.operationId())) {
                throw new IOException("target down");
            }
        };
    }

    @Test
    void event_isDeliveredRightAfterItsCommit_asItWasLogged() {
        fixture.at(Stage.DUAL_WRITE);
        fixture.append("k", "a", NOW.plusSeconds(7));
        await().until(() -> fixture.replay.eventDebt().events() == 0);
        LoggedEvent logged = fixture.replay.find("a").orElseThrow();
        assertThat(fixture.atTarget).hasSize(1).first().satisfies(event -> {
            assertThat(event.version()).isEqualTo(logged.version());
            assertThat(event.type()).isEqualTo("Happened");
            assertThat(event.payload()).isEqualTo(new byte[] {'a'});
            assertThat(event.occurredAt()).isEqualTo(NOW.plusSeconds(7));
        });
        assertThat(logged.processedAt()).isNotNull();
        await().until(() -> fixture.replay.debt().isSettled());
    }

    /** The claim that the attempt after the commit holds would keep the event back for half a minute. */
    @Test
    void eventThatMeetsASideOutOfReach_isDueAsSoonAsItIsBack_andNotCountedAsFailed() {
        AtomicBoolean isDown = new AtomicBoolean();
        AlteredLog.InPlaceOf unlessDown = (isReadable, arguments) -> {
            if (isDown.get()) {
                throw new IllegalStateException("connection refused");
            }
            return isReadable.call();
        };
        try (ReplayFixture outage = new ReplayFixture(log -> AlteredLog.withBooks(log, "isReadable", unlessDown))) {
            outage.at(Stage.DUAL_WRITE);
            isDown.set(true);
            outage.before = event -> {
                if (isDown.get()) {
                    throw new IOException("connection refused");
                }
            };
            outage.append("k", "a");
            await().until(() -> outage.migration.threads().isIdle());
            assertThat(outage.events(ShadowWriteFailed.class)).hasSize(1);
            for (int round = 0; round < 5; round++) {
                assertThat(outage.replay.repair()).isZero();
            }
            assertThat(outage.events(KeyParked.class)).isEmpty();
            isDown.set(false);
            assertThat(outage.replay.repair()).isEqualTo(1);
            assertThat(outage.received()).containsExactly("a");
        }
    }

    @Test
    void operationId_isMadeWhereNoneIsGiven() {
        fixture.at(Stage.DUAL_WRITE);
        String id = fixture.replay.append("k", Event.of("Happened", new byte[0]));
        await().until(() -> !fixture.atTarget.isEmpty());
        assertThat(fixture.received()).containsExactly(id);
        assertThat(fixture.replay.keyOf(fixture.atTarget.get(0))).isEqualTo("k");
    }

    @Test
    void eventsOfOneTransaction_areDeliveredInTheOrderInWhichTheyWereAppended() {
        fixture.at(Stage.DUAL_WRITE);
        Side side = fixture.replay.within("k", work -> {
            work.append(Event.of("Happened", new byte[0]).operationId("a").occurredAt(NOW.plusSeconds(2)));
            work.append(Event.of("Happened", new byte[0]).operationId("b").occurredAt(NOW));
            return work.side();
        });
        await().until(() -> fixture.received().size() == 2);
        assertThat(side).isEqualTo(Side.LEGACY);
        assertThat(fixture.received()).containsExactly("a", "b");
    }

    @Test
    void eventThatIsAppendedAfterItsWork_isRefused() {
        fixture.at(Stage.DUAL_WRITE);
        EventWork over = fixture.replay.within("k", work -> work);
        assertThatThrownBy(() -> over.append(Event.of("Happened", new byte[0])))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("until the work has returned");
    }

    /** The event stands in legacy's log: a debt of the target's would find nothing there to deliver, and legacy's would be gone. */
    @Test
    void debtOfASideThatHasLostAuthority_staysWithItsEvents() {
        fixture.append("k", "a");
        fixture.at(Stage.DUAL_WRITE);
        SideBooks legacy = fixture.logs.get(Side.LEGACY).books();
        SideBooks target = fixture.logs.get(Side.TARGET).books();
        long epoch = fixture.migration.latestView().epoch() + 1;
        assertThat(legacy.assign(SegmentRange.ALL, Role.SHADOW, true, epoch)).isTrue();
        assertThat(target.assign(SegmentRange.ALL, Role.AUTHORITY, true, epoch)).isTrue();
        fixture.deliver();
        assertThat(fixture.received()).isEmpty();
        assertThat(legacy.owed("s:k")).isPresent();
        assertThat(target.owed("s:k")).isEmpty();
    }

    @Test
    void workThatFails_logsNothing() {
        fixture.at(Stage.DUAL_WRITE);
        assertThatThrownBy(() -> fixture.replay.within("k", work -> {
                    work.append(Event.of("Happened", new byte[0]).operationId("a"));
                    throw new IOException("no");
                }))
                .isInstanceOf(IOException.class);
        assertThat(fixture.replay.find("a")).isEmpty();
        assertThat(fixture.replay.debt().isSettled()).isTrue();
    }

    @Test
    void eventsOfLegacyOnly_areKept_andDeliveredOnceDualWritingBegins() {
        fixture.append("k", "a");
        fixture.append("k", "b");
        fixture.replay.repair();
        assertThat(fixture.received()).isEmpty();
        assertThat(fixture.replay.eventDebt().events()).isEqualTo(2);
        assertThat(fixture.replay.debt().keys()).isEqualTo(1);
        fixture.at(Stage.DUAL_WRITE);
        fixture.append("k", "c");
        await().until(() -> fixture.received().size() == 3);
        assertThat(fixture.received()).containsExactly("a", "b", "c");
    }

    /** No proof of equality is asked for, which nobody could give: nothing was left out. */
    @Test
    void stepBackToLegacyOnly_leavesNoGap_andBarsNoHandover() {
        fixture.at(Stage.DUAL_WRITE);
        fixture.append("k", "a");
        await().until(() -> fixture.replay.debt().isSettled());
        fixture.at(Stage.LEGACY_ONLY);
        fixture.append("k", "b");
        fixture.at(Stage.LIVE);
        assertThat(fixture.received()).containsExactly("a", "b");
    }

    @Test
    void eventOfTheTarget_isDeliveredToLegacy_andOnTargetOnlyNoneIsLogged() {
        fixture.at(Stage.LIVE);
        fixture.append("k", "a");
        await().until(() -> !fixture.atLegacy.isEmpty());
        fixture.at(Stage.TARGET_ONLY);
        fixture.append("k", "b");
        assertThat(fixture.replay.find("b")).isEmpty();
        assertThat(fixture.replay.debt().isSettled()).isTrue();
        assertThat(ReplayFixture.ids(fixture.atLegacy)).containsExactly("a");
    }

    @Test
    void failingAggregate_isTriedAgain_andParked_whileOthersGoOn() {
        fixture.at(Stage.DUAL_WRITE);
        refuse("a");
        fixture.append("k", "a");
        awaitFailedAttempt();
        fixture.append("k", "b");
        fixture.append("other", "c");
        await().until(() -> fixture.received().equals(List.of("c")));
        fixture.deliver();
        assertThat(fixture.replay.parked(10)).hasSize(1).first().satisfies(owed -> {
            assertThat(fixture.replay.keyOf(owed)).isEqualTo("k");
            assertThat(owed.lastError()).isEqualTo(IOException.class.getName());
        });
        assertThat(fixture.events(KeyParked.class)).hasSize(1);
        fixture.append("k", "d");
        fixture.deliver();
        assertThat(fixture.events(ShadowWriteFailed.class))
                .as("a further event lets nobody try again")
                .hasSize(2);
        refused.clear();
        assertThat(fixture.replay.retry("k")).isTrue();
        assertThat(fixture.replay.retry("k")).isFalse();
        fixture.replay.repair(); // unless the attempt after the last event has come before
        await().until(() -> fixture.received().size() == 4);
        assertThat(fixture.received()).containsExactly("c", "a", "b", "d");
    }

    private void awaitFailedAttempt() {
        await().until(() -> fixture.logs.get(Side.LEGACY).books().owedKeys().page(null, 1).stream()
                .anyMatch(owed -> owed.attempts() == 1));
    }

    /** Its version has moved on meanwhile, but the event that failed is still the next. */
    @Test
    void attemptThatFails_whileAFurtherEventIsLogged_counts() {
        fixture.append("k", "a");
        fixture.before = event -> {
            SideBooks books = fixture.logs.get(Side.LEGACY).books();
            CompletableFuture.runAsync(() -> owe(books)).join();
            throw new IOException("target down");
        };
        fixture.at(Stage.DUAL_WRITE);
        fixture.deliver();
        fixture.deliver();
        assertThat(fixture.replay.parked(10)).hasSize(1);
    }

    private static void owe(SideBooks books) {
        try {
            books.inTransaction(
                    () -> books.admitInOrder("s:k", books.roles().get(0).segment()));
        } catch (Exception unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    @Test
    void aggregateInAPause_isLeftAloneByTheAttemptAfterAFurtherEvent() {
        fixture.at(Stage.DUAL_WRITE);
        refuse("a");
        fixture.append("k", "a");
        awaitFailedAttempt();
        SideBooks books = fixture.logs.get(Side.LEGACY).books();
        books.postpone("s:k", books.owed("s:k").orElseThrow(), Instant.MAX, "paused", false);
        fixture.append("k", "b");
        fixture.append("other", "c");
        await().until(() -> fixture.received().equals(List.of("c")));
        assertThat(fixture.events(ShadowWriteFailed.class)).hasSize(1);
    }

    /** Parking is after so many attempts at one event. */
    @Test
    void attempts_areCountedForEachEventAnew() {
        refuse("a", "b");
        fixture.append("k", "a");
        fixture.append("k", "b");
        fixture.at(Stage.DUAL_WRITE);
        fixture.deliver();
        refused.remove("a");
        fixture.deliver();
        assertThat(fixture.received()).containsExactly("a");
        assertThat(fixture.replay.parked(10)).isEmpty();
        fixture.deliver();
        assertThat(fixture.replay.parked(10)).extracting(Owed::attempts).containsExactly(2);
    }

    @Test
    void appendInATransactionOfTheOtherSide_isRefused() {
        fixture.at(Stage.DUAL_WRITE);
        assertThatThrownBy(() -> fixture.logs.get(Side.TARGET).books().inTransaction(() -> fixture.append("k", "a")))
                .isInstanceOf(RefusedWriteException.class)
                .hasMessageContaining("a transaction of the TARGET side is running");
        assertThat(fixture.replay.find("a")).isEmpty();
    }

    /** As where this node has not heard yet that authority has moved. */
    @Test
    void appendToASideThatIsFencedUnderIt_isRefused_andDoomsTheTransaction() {
        fixture.at(Stage.DUAL_WRITE);
        EventLog legacy = fixture.logs.get(Side.LEGACY);
        assertThat(legacy.books()
                        .assign(
                                SegmentRange.ALL,
                                Role.FENCED,
                                true,
                                fixture.migration.latestView().epoch() + 1))
                .isTrue();
        assertThatThrownBy(() -> legacy.books().inTransaction(() -> {
                    assertThatThrownBy(() -> fixture.append("k", "a")).isInstanceOf(RefusedWriteException.class);
                    return true;
                }))
                .isInstanceOf(RefusedWriteException.class);
        assertThat(fixture.replay.find("a")).isEmpty();
    }

    @Test
    void undeliveredEvents_areListed_inOrder() {
        fixture.append("k", "a");
        fixture.append("other", "b");
        fixture.append("k", "c");
        assertThat(ReplayFixture.ids(fixture.replay.undelivered().toList())).containsExactly("a", "c", "b");
    }

    @Test
    void forget_deletesWhatHasArrived_andIsOlder() {
        fixture.at(Stage.DUAL_WRITE);
        fixture.append("k", "old", NOW.minusSeconds(1));
        fixture.append("k", "young", NOW);
        await().until(() -> fixture.replay.eventDebt().events() == 0);
        refuse("open");
        fixture.append("k", "open", NOW.minusSeconds(1));
        assertThat(fixture.replay.forget(NOW)).isEqualTo(1);
        assertThat(fixture.replay.find("old")).isEmpty();
        assertThat(fixture.replay.find("young")).isPresent();
        assertThat(fixture.replay.find("open")).isPresent();
    }

    @Test
    void whatIsMissingOrWrong_isRefusedByName() {
        try (Migration migration =
                Migration.named("other").store(new InMemoryMigrationStore()).build()) {
            EventLogs logs = InMemoryEventLog.each(InstantSource.system());
            EventReplayBuilder<String> half = EventReplay.of(migration).legacy(logs, (key, event) -> {});
            assertThatThrownBy(half::build)
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("target(..)");
            assertThatThrownBy(() -> half.parkAfter(0)).hasMessageContaining("parkAfter must be at least 1, but was 0");
            assertThatThrownBy(() -> half.records("a b"))
                    .hasMessageContaining("records must be")
                    .hasMessageContaining("'a b'");
            assertThatThrownBy(() -> half.repairEvery(Duration.ZERO))
                    .hasMessageContaining("repairEvery must be positive");
            assertThatThrownBy(() -> half.longestWait(Duration.ofSeconds(-1))).hasMessageContaining("longestWait");
        }
        assertThatThrownBy(() -> fixture.append("k", "a", Instant.MIN))
                .hasMessageContaining("occurredAt must be from the year 1000 to 9999");
        assertThatThrownBy(() -> fixture.replay.forget(Instant.MAX)).hasMessageContaining("before must be from");
        assertThatThrownBy(() -> fixture.replay.replayFrom(Instant.MIN, Again.EVERY_EVENT))
                .hasMessageContaining("moment must be from");
        assertThatThrownBy(() -> Event.of(" ", new byte[0])).hasMessageContaining("type of an event");
        assertThatThrownBy(() -> Event.of("t", new byte[0]).operationId("x".repeat(201)))
                .hasMessageContaining("operationId")
                .hasMessageContaining("201");
    }
}
