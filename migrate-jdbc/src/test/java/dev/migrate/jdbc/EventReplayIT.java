package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.MigrationException;
import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.replay.Again;
import dev.migrate.replay.Event;
import dev.migrate.replay.EventLog;
import dev.migrate.replay.EventReplay;
import dev.migrate.replay.LoggedEvent;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Events between two databases: what commits together, what is ordered by whom, and what a restored receiver lacks. */
class EventReplayIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final Instant OCCURRED = Instant.parse("2030-01-01T00:00:00Z");

    /** Two databases with a table of bookings each, to which legacy's work and the target's receiver write. */
    private static final class Fixture implements AutoCloseable {
        final TablePair pair;
        final List<LoggedEvent> received = new CopyOnWriteArrayList<>();
        final EventReplay<String> replay;

        Fixture(TestServer server) throws SQLException {
            pair = new TablePair(server, server);
            for (Side side : Side.values()) {
                pair.database(side)
                        .execute("create table booking (id varchar(50) primary key, account varchar(50) not null)");
            }
            replay = newReplay();
        }

        EventReplay<String> newReplay() {
            return EventReplay.of(pair.migration)
                    .<String>legacy(logs(Side.LEGACY), (key, event) -> {})
                    .target(logs(Side.TARGET), (key, event) -> {
                        received.add(event);
                        pair.execute(Side.TARGET, "insert into booking values (?, ?)", event.operationId(), key);
                    })
                    .parkAfter(3)
                    .repairEvery(Duration.ofDays(1))
                    .build();
        }

        private JdbcEventLogs logs(Side side) {
            return JdbcEventLogs.joining(pair.db(side)).time(pair.migration.time());
        }

        Fixture at(Stage stage) {
            while (pair.migration.current().stage() != stage) {
                pair.migration.moveTo(pair.migration.current().stage().next().orElseThrow(), "test");
            }
            return this;
        }

        void book(String account, String id) {
            replay.within(account, work -> {
                try (PreparedStatement insert =
                        work.unwrap(Connection.class).prepareStatement("insert into booking values (?, ?)")) {
                    insert.setString(1, id);
                    insert.setString(2, account);
                    insert.executeUpdate();
                }
                return work.append(event(id));
            });
        }

        static Event event(String id) {
            return Event.of("Booked", id.getBytes(StandardCharsets.UTF_8))
                    .operationId(id)
                    .occurredAt(OCCURRED);
        }

        void deliver() {
            log(Side.LEGACY).books().hasten(SegmentRange.ALL);
            replay.repair();
        }

        EventLog log(Side side) {
            return logs(side).log("users", "events", side);
        }

        List<String> bookings(Side side) throws SQLException {
            return pair.query(side, "select id from booking order by id");
        }

        @Override
        public void close() throws SQLException {
            replay.close();
            pair.close();
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void event_commitsWithWhatItTellsOf_andArrivesWithWhatTheReceiverWrites(TestServer server) throws Exception {
        try (Fixture fixture = new Fixture(server).at(Stage.DUAL_WRITE)) {
            fixture.book("acme", "a");
            assertThatThrownBy(() -> fixture.replay.within("acme", work -> {
                        fixture.pair.execute(Side.LEGACY, "insert into booking values ('b', 'acme')");
                        work.append(Fixture.event("b"));
                        throw new IllegalStateException("rolled back");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            await().until(() -> fixture.replay.debt().isSettled());
            assertThat(fixture.bookings(Side.LEGACY)).containsExactly("a");
            assertThat(fixture.bookings(Side.TARGET)).containsExactly("a");
            assertThat(fixture.replay.find("b")).isEmpty();
            assertThat(fixture.pair.openConnections(Side.LEGACY)).isZero();
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void append_joinsTheThreadsTransaction_andGoesWithIt(TestServer server) throws Exception {
        try (Fixture fixture = new Fixture(server).at(Stage.DUAL_WRITE)) {
            assertThatThrownBy(() -> fixture.pair.legacyDb.inTransaction(() -> {
                        fixture.replay.append("acme", Fixture.event("a"));
                        assertThat(fixture.replay.find("a")).isPresent();
                        throw new IllegalStateException("rolled back");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(fixture.replay.find("a")).isEmpty();
            fixture.pair.legacyDb.inTransaction(() -> fixture.replay.append("acme", Fixture.event("a")));
            await().until(() -> fixture.received.size() == 1);
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void append_ofAnOperationIdThatIsThere_doomsTheTransaction(TestServer server) throws Exception {
        try (Fixture fixture = new Fixture(server).at(Stage.DUAL_WRITE)) {
            fixture.replay.append("acme", Fixture.event("a"));
            assertThatThrownBy(() -> fixture.pair.legacyDb.inTransaction(() -> {
                        fixture.pair.execute(Side.LEGACY, "insert into booking values ('b', 'acme')");
                        assertThatThrownBy(() -> fixture.replay.append("other", Fixture.event("a")))
                                .hasMessageContaining("operationId a is that of another event");
                        return true;
                    }))
                    .isInstanceOf(MigrationException.class);
            assertThat(fixture.bookings(Side.LEGACY)).isEmpty();
        }
    }

    /** As a node does that has not heard yet that authority has moved. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void append_toASideThatWasFenced_isRefused_andDoomsTheTransaction(TestServer server) throws Exception {
        try (Fixture fixture = new Fixture(server).at(Stage.DUAL_WRITE)) {
            long epoch = fixture.pair.migration.latestView().epoch() + 1;
            assertThat(fixture.log(Side.LEGACY).books().assign(SegmentRange.ALL, Role.FENCED, true, epoch))
                    .isTrue();
            assertThatThrownBy(() -> fixture.pair.legacyDb.inTransaction(() -> {
                        fixture.pair.execute(Side.LEGACY, "insert into booking values ('a', 'acme')");
                        assertThatThrownBy(() -> fixture.replay.append("acme", Fixture.event("a")))
                                .isInstanceOf(RefusedWriteException.class);
                        return true;
                    }))
                    .isInstanceOf(RefusedWriteException.class);
            assertThat(fixture.bookings(Side.LEGACY)).isEmpty();
            assertThat(fixture.replay.find("a")).isEmpty();
            assertThatThrownBy(() -> fixture.pair.targetDb.inTransaction(
                            () -> fixture.replay.append("acme", Fixture.event("a"))))
                    .isInstanceOf(RefusedWriteException.class)
                    .hasMessageContaining("a transaction of the TARGET side is running");
        }
    }

    /** The one that began first, and so drew an earlier time, commits last. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void eventsOfConcurrentTransactions_arriveInTheOrderInWhichTheseCommit(TestServer server) throws Exception {
        ExecutorService another = Executors.newSingleThreadExecutor();
        try (Fixture fixture = new Fixture(server).at(Stage.DUAL_WRITE)) {
            CountDownLatch hasBegun = new CountDownLatch(1);
            CountDownLatch hasCommitted = new CountDownLatch(1);
            Future<?> last = another.submit(() -> fixture.replay.within("acme", work -> {
                work.append(Fixture.event("last").occurredAt(OCCURRED.minusSeconds(1)));
                hasBegun.countDown();
                hasCommitted.await();
                return true;
            }));
            hasBegun.await();
            fixture.replay.append("acme", Fixture.event("first"));
            hasCommitted.countDown();
            last.get();
            await().until(() -> {
                fixture.deliver();
                return fixture.replay.debt().isSettled();
            });
            assertThat(fixture.received).extracting(LoggedEvent::operationId).containsExactly("first", "last");
        } finally {
            another.shutdown();
        }
    }

    /** Two nodes deliver while four threads write and the target fails now and then: each once, in order, as the receiver writes in its transaction. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void underLoad_eachEventArrivesOnce_inTheOrderOfItsAggregate(TestServer server) throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(2);
        try (Fixture fixture = new Fixture(server).at(Stage.DUAL_WRITE);
                EventReplay<String> anotherNode = fixture.newReplay()) {
            List<Future<?>> written = List.of(0, 1).stream()
                    .<Future<?>>map(writer -> writers.submit(() -> {
                        for (int at = 0; at < 25; at++) {
                            fixture.book("account " + at % 3, writer + "/" + at);
                        }
                    }))
                    .toList();
            while (written.stream().anyMatch(future -> !future.isDone())) {
                fixture.deliver();
                anotherNode.repair();
            }
            for (Future<?> each : written) {
                each.get();
            }
            await().until(() -> {
                fixture.deliver();
                return fixture.replay.debt().isSettled();
            });
            assertThat(fixture.bookings(Side.TARGET))
                    .isEqualTo(fixture.bookings(Side.LEGACY))
                    .hasSize(50);
            for (String account : List.of("s:account 0", "s:account 1", "s:account 2")) {
                assertThat(fixture.received.stream()
                                .filter(event -> event.aggregate().equals(account)))
                        .isSortedAccordingTo(Comparator.comparing(LoggedEvent::version))
                        .doesNotHaveDuplicates();
            }
        } finally {
            writers.shutdown();
        }
    }

    /** The target's database, its ledger with it, as a backup has it that was made after the first event. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void receiverThatWasRestoredWithItsLedger_getsWhatItLacks(TestServer server) throws Exception {
        try (Fixture fixture = new Fixture(server).at(Stage.DUAL_WRITE)) {
            fixture.book("acme", "a");
            await().until(() -> fixture.replay.debt().isSettled());
            String ledger = "select seq from migrate_ledger where records = 'events' and record_key = 's:acme'";
            String backup = fixture.pair.query(Side.TARGET, ledger).get(0);
            fixture.book("acme", "b");
            fixture.book("acme", "c");
            await().until(() -> fixture.replay.debt().isSettled());
            fixture.pair
                    .database(Side.TARGET)
                    .execute(
                            "delete from booking where id <> 'a'",
                            "update migrate_ledger set seq = " + backup
                                    + " where records = 'events' and record_key = 's:acme'");
            fixture.received.clear();
            fixture.replay.replayFrom(OCCURRED, Again.WHAT_THE_LEDGER_LACKS);
            fixture.deliver();
            assertThat(fixture.received).extracting(LoggedEvent::operationId).containsExactly("b", "c");
            assertThat(fixture.bookings(Side.TARGET)).containsExactly("a", "b", "c");
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void replayOfEveryEvent_isUnderTheSameOperationIds_andForgetEndsIt(TestServer server) throws Exception {
        try (Fixture fixture = new Fixture(server).at(Stage.DUAL_WRITE)) {
            fixture.book("acme", "a");
            fixture.book("acme", "b");
            fixture.book("other", "c");
            await().until(() -> fixture.replay.debt().isSettled());
            fixture.pair.database(Side.TARGET).execute("delete from booking");
            fixture.received.clear();
            fixture.replay.replayFrom(OCCURRED, Again.EVERY_EVENT);
            fixture.deliver();
            assertThat(fixture.received).extracting(LoggedEvent::operationId).containsExactly("a", "b", "c");
            assertThat(fixture.replay.forget(OCCURRED)).isZero();
            assertThat(fixture.replay.forget(OCCURRED.plusSeconds(1))).isEqualTo(3);
            fixture.replay.replayFrom(OCCURRED, Again.EVERY_EVENT);
            fixture.deliver();
            assertThat(fixture.received).hasSize(3);
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void handover_takesTheEventsAlong(TestServer server) throws Exception {
        try (Fixture fixture = new Fixture(server)) {
            fixture.book("acme", "a");
            fixture.at(Stage.LIVE);
            assertThat(fixture.bookings(Side.TARGET)).containsExactly("a");
            fixture.book("acme", "b");
            assertThat(fixture.bookings(Side.TARGET)).containsExactly("a", "b");
            assertThat(fixture.bookings(Side.LEGACY)).containsExactly("a");
            assertThat(fixture.log(Side.TARGET).find("b")).isPresent();
        }
    }
}
