package dev.migrate.test;

import static dev.migrate.replay.Again.EVERY_EVENT;
import static dev.migrate.replay.Again.WHAT_THE_LEDGER_LACKS;
import static dev.migrate.side.Role.AUTHORITY;
import static dev.migrate.side.Role.FENCED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.migrate.MigrationException;
import dev.migrate.RefusedWriteException;
import dev.migrate.Version;
import dev.migrate.replay.Again;
import dev.migrate.replay.EventDebt;
import dev.migrate.replay.EventLog;
import dev.migrate.replay.LoggedEvent;
import dev.migrate.replay.ReplayMark;
import dev.migrate.side.Dismissal;
import dev.migrate.side.FailedAttempt;
import dev.migrate.side.Owed;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the log of events of every side must do; the test of an implementation extends it, and {@link SideBooksContract} for the log's books.
 */
public abstract class EventLogContract {
    private static final Instant BEGIN = Instant.parse("2030-01-01T00:00:00Z");
    private static final Version LAST = new Version(Long.MAX_VALUE, Long.MAX_VALUE);
    private static final Dismissal DISMISSAL = new Dismissal("ada", "the customer is gone", BEGIN.plusSeconds(5));
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final int SEGMENT = 7;
    private final ManualTime time = new ManualTime(BEGIN);
    private EventLog log;
    private SideBooks books;

    /** Creates the contract. */
    protected EventLogContract() {}

    /**
     * An empty log of one side over books without any role, which dates debts by the given time.
     *
     * <p>Called once for each test, and cleaned up by the extending class.
     */
    protected abstract EventLog emptyLog(InstantSource time) throws Exception;

    @BeforeEach
    final void openLog() throws Exception {
        log = emptyLog(time);
        books = log.books();
        assertThat(books.assign(SegmentRange.ALL, AUTHORITY, true, 1)).isTrue();
    }

    private LoggedEvent event(String key, int segment, String id, Instant occurred) {
        Version version = books.admitInOrder(key, segment);
        byte[] payload = ("what happened in " + id + " \u20ac").getBytes(StandardCharsets.UTF_8);
        return new LoggedEvent(id, key, segment, "Happened", payload, version, version, occurred, null, null);
    }

    private LoggedEvent append(String key, int segment, String id, Instant occurred) throws Exception {
        return books.inTransaction(() -> {
            LoggedEvent event = event(key, segment, id, occurred);
            log.append(event);
            return event;
        });
    }

    private LoggedEvent append(String key, String id) throws Exception {
        return append(key, SEGMENT, id, BEGIN);
    }

    private List<String> open(String key) {
        return ids(log.open(key, LAST, 100));
    }

    private static List<String> ids(List<LoggedEvent> events) {
        return events.stream().map(LoggedEvent::operationId).toList();
    }

    private Version reopen(LoggedEvent event) throws Exception {
        return books.inTransaction(() -> {
            Version due = books.admitInOrder(event.aggregate(), event.segment());
            log.reopen(event, due);
            return due;
        });
    }

    @Test
    final void freshLog_isEmpty() {
        assertThat(log.debt(SegmentRange.ALL)).isEqualTo(new EventDebt(0, 0, Optional.empty()));
        assertThat(open("k")).isEmpty();
        assertThat(log.find("a")).isEmpty();
        assertThat(log.page(null, 10)).isEmpty();
        assertThat(log.replay()).isEmpty();
        assertThat(log.forget(BEGIN.plusSeconds(1), 10)).isZero();
    }

    @Test
    final void event_isKeptAsItIs_andItsAggregateIsOwed() throws Exception {
        LoggedEvent event = append("k", "a");
        assertThat(log.open("k", event.due(), 1)).containsExactly(event);
        assertThat(log.find("a")).hasValue(event);
        assertThat(books.owed("k")).hasValue(event.version());
    }

    @Test
    final void payload_mayBeEmptyAndLarge() throws Exception {
        for (int length : new int[] {0, 300_000}) {
            byte[] payload = new byte[length];
            Arrays.fill(payload, (byte) 0xfe);
            String id = "of " + length;
            books.inTransaction(() -> {
                LoggedEvent plain = event("k", SEGMENT, id, BEGIN);
                log.append(new LoggedEvent(
                        id, "k", SEGMENT, "Happened", payload, plain.version(), plain.due(), BEGIN, null, null));
                return true;
            });
            assertThat(log.find(id))
                    .hasValueSatisfying(found -> assertThat(found.payload()).isEqualTo(payload));
        }
    }

    @Test
    final void rolledBackTransaction_leavesNeitherEventNorDebt() {
        assertThatThrownBy(() -> books.inTransaction(() -> {
                    log.append(event("k", SEGMENT, "a", BEGIN));
                    throw new IOException("rolled back");
                }))
                .isInstanceOf(IOException.class);
        assertThat(log.find("a")).isEmpty();
        assertThat(books.owed("k")).isEmpty();
    }

    @Test
    final void event_outsideOfATransaction_isRefused() throws Exception {
        Version version = books.inTransaction(() -> books.admitInOrder("k", SEGMENT));
        LoggedEvent event =
                new LoggedEvent("a", "k", SEGMENT, "Happened", new byte[0], version, version, BEGIN, null, null);
        assertThatThrownBy(() -> log.append(event)).isInstanceOf(MigrationException.class);
        assertThatThrownBy(() -> log.reopen(event, version)).isInstanceOf(RuntimeException.class);
        assertThat(log.find("a")).isEmpty();
    }

    @Test
    final void operationIdOfAnotherEvent_isRefused() throws Exception {
        append("k", "a");
        assertThatThrownBy(() -> append("other", "a"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("operationId a");
        assertThat(open("other")).isEmpty();
        assertThat(books.owed("other")).isEmpty();
    }

    @Test
    final void eventOfAFencedSide_isRefused_andDoomsItsTransaction() throws Exception {
        assertThat(books.assign(new SegmentRange(SEGMENT, SEGMENT + 1), FENCED, true, 2))
                .isTrue();
        List<Throwable> refused = new ArrayList<>();
        assertThatThrownBy(() -> books.inTransaction(() -> {
                    append("beside", SEGMENT + 1, "beside", BEGIN);
                    refused.add(catchThrowable(() -> books.admitInOrder("k", SEGMENT)));
                    return true;
                }))
                .isInstanceOf(MigrationException.class);
        assertThat(refused).singleElement().isInstanceOf(RefusedWriteException.class);
        assertThat(log.find("beside")).isEmpty();
    }

    @Test
    final void openEvents_areInTheOrderInWhichTheyWereLogged_whateverTheTimesSay() throws Exception {
        append("k", SEGMENT, "a", BEGIN.plusSeconds(2));
        append("k", SEGMENT, "b", BEGIN.plusSeconds(1));
        append("other", SEGMENT, "c", BEGIN);
        append("k", SEGMENT, "d", BEGIN);
        assertThat(open("k")).containsExactly("a", "b", "d");
        assertThat(ids(log.open("k", LAST, 2))).containsExactly("a", "b");
    }

    @Test
    final void openEvents_endWithTheVersionThatIsAskedFor() throws Exception {
        LoggedEvent first = append("k", "a");
        append("k", "b");
        assertThat(ids(log.open("k", first.version(), 10))).containsExactly("a");
        assertThat(books.assign(SegmentRange.ALL, AUTHORITY, true, 2)).isTrue();
        LoggedEvent later = append("k", "c");
        assertThat(ids(log.open("k", new Version(1, Long.MAX_VALUE), 10))).containsExactly("a", "b");
        assertThat(ids(log.open("k", later.version(), 10))).containsExactly("a", "b", "c");
    }

    /** Where the lock on an aggregate were not held to the end, the later committer could have the lower number. */
    @Test
    final void transactionsOfOneAggregate_areInTheOrderInWhichTheyCommit() throws Exception {
        ExecutorService others = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 20; round++) {
                String key = "k" + round;
                Future<LoggedEvent> second = books.inTransaction(() -> {
                    log.append(event(key, SEGMENT, key + " first", BEGIN.plusSeconds(9)));
                    Future<LoggedEvent> waiting = others.submit(() -> append(key, SEGMENT, key + " second", BEGIN));
                    assertThat(others.submit(() -> open(key)).get())
                            .as("nothing is seen before it commits")
                            .isEmpty();
                    return waiting;
                });
                second.get();
                assertThat(open(key)).containsExactly(key + " first", key + " second");
            }
        } finally {
            others.shutdown();
        }
    }

    @Test
    final void processedEvent_isOpenNoMore_andIsNotedOnce() throws Exception {
        LoggedEvent event = append("k", "a");
        append("k", "b");
        assertThat(log.process(event, BEGIN.plusSeconds(3))).isTrue();
        assertThat(log.process(event, BEGIN.plusSeconds(4))).isFalse();
        assertThat(open("k")).containsExactly("b");
        assertThat(log.find("a").orElseThrow().processedAt()).isEqualTo(BEGIN.plusSeconds(3));
    }

    @Test
    final void eventThatWasOpenedAgain_isDueUnderItsNewVersion_andAnOldArrivalDoesNotCount() throws Exception {
        LoggedEvent first = append("k", "a");
        append("k", "b");
        log.process(first, BEGIN);
        Version due = reopen(first);
        assertThat(log.process(first, BEGIN)).isFalse();
        assertThat(open("k")).containsExactly("b", "a");
        LoggedEvent again = log.find("a").orElseThrow();
        assertThat(again.version()).isEqualTo(first.version());
        assertThat(again.due()).isEqualTo(due);
        assertThat(again.isOpen()).isTrue();
        assertThat(log.process(again, BEGIN)).isTrue();
    }

    @Test
    final void dismissedEvent_isLeftOut_counted_andSettledByHand() throws Exception {
        append("k", "a");
        append("k", "b");
        assertThat(log.settle("a", DISMISSAL)).isFalse();
        assertThat(log.dismiss("a", DISMISSAL)).isTrue();
        assertThat(log.dismiss("a", DISMISSAL)).isFalse();
        assertThat(log.dismiss("unknown", DISMISSAL)).isFalse();
        assertThat(open("k")).containsExactly("b");
        assertThat(log.debt(SegmentRange.ALL)).isEqualTo(new EventDebt(1, 1, Optional.of(BEGIN)));
        assertThat(log.find("a").orElseThrow().decision()).isEqualTo(DISMISSAL);
        Dismissal how = new Dismissal("bob", "called the customer", BEGIN.plusSeconds(8));
        assertThat(log.settle("a", how)).isTrue();
        assertThat(log.settle("a", how)).isFalse();
        assertThat(log.debt(SegmentRange.ALL).dismissed()).isZero();
        LoggedEvent settled = log.find("a").orElseThrow();
        assertThat(settled.decision()).isEqualTo(how);
        assertThat(settled.processedAt()).isEqualTo(how.at());
    }

    @Test
    final void dismissedEvent_thatArrivesNevertheless_countsNoMore() throws Exception {
        LoggedEvent event = append("k", "a");
        log.dismiss("a", DISMISSAL);
        assertThat(log.process(event, BEGIN)).isTrue();
        assertThat(log.debt(SegmentRange.ALL).dismissed()).isZero();
    }

    @Test
    final void dismissedEvent_thatIsOpenedAgain_isOpen() throws Exception {
        LoggedEvent event = append("k", "a");
        log.dismiss("a", DISMISSAL);
        reopen(event);
        assertThat(open("k")).containsExactly("a");
        assertThat(log.debt(SegmentRange.ALL)).isEqualTo(new EventDebt(1, 0, Optional.of(BEGIN)));
    }

    @Test
    final void reopening_thatIsRolledBack_changesNothing() throws Exception {
        LoggedEvent event = append("k", "a");
        log.process(event, BEGIN);
        assertThatThrownBy(() -> books.inTransaction(() -> {
                    log.reopen(event, books.admitInOrder("k", SEGMENT));
                    throw new IOException("rolled back");
                }))
                .isInstanceOf(IOException.class);
        assertThat(open("k")).isEmpty();
    }

    @Test
    final void debt_isThatOfTheRange_sinceTheOldest() throws Exception {
        append("k", 3, "a", BEGIN.plusSeconds(2));
        append("k", 3, "b", BEGIN.plusSeconds(1));
        append("other", 4, "c", BEGIN);
        assertThat(log.debt(new SegmentRange(3, 4))).isEqualTo(new EventDebt(2, 0, Optional.of(BEGIN.plusSeconds(1))));
        assertThat(log.debt(new SegmentRange(4, 5))).isEqualTo(new EventDebt(1, 0, Optional.of(BEGIN)));
        assertThat(log.debt(new SegmentRange(5, 9)).events()).isZero();
    }

    @Test
    final void eventsSinceAMoment_areThose_andTheOpenOnes_byTheirOwnVersions() throws Exception {
        LoggedEvent early = append("k", SEGMENT, "early", BEGIN);
        LoggedEvent late = append("k", SEGMENT, "late", BEGIN.plusSeconds(9));
        LoggedEvent dismissed = append("k", SEGMENT, "dismissed", BEGIN.plusSeconds(9));
        append("k", SEGMENT, "open", BEGIN);
        append("other", SEGMENT, "of another", BEGIN.plusSeconds(9));
        for (LoggedEvent event : List.of(early, late)) {
            log.process(event, BEGIN);
        }
        log.dismiss(dismissed.operationId(), DISMISSAL);
        reopen(late);
        log.process(log.find("late").orElseThrow(), BEGIN);
        Instant moment = BEGIN.plusSeconds(9);
        assertThat(ids(log.since("k", moment, Version.NONE, 10))).containsExactly("late", "open");
        assertThat(ids(log.since("k", moment, Version.NONE, 1))).containsExactly("late");
        assertThat(ids(log.since("k", moment, late.version(), 10))).containsExactly("open");
        assertThat(ids(log.since("k", BEGIN, Version.NONE, 10))).containsExactly("early", "late", "open");
    }

    @Test
    final void aggregatesSinceAMoment_areReadPageByPage() throws Exception {
        for (String key : List.of("b", "C", "a", "\u00e4", "d")) {
            append(key, 3, key + " 1", BEGIN.plusSeconds(5));
            append(key, 3, key + " 2", BEGIN.plusSeconds(6));
        }
        append("old", 3, "old", BEGIN);
        List<SideBooks.Key> all = log.aggregatesSince(BEGIN.plusSeconds(5), null, 100);
        assertThat(all).extracting(SideBooks.Key::text).containsExactlyInAnyOrder("a", "b", "C", "d", "\u00e4");
        assertThat(all).extracting(SideBooks.Key::segment).containsOnly(3);
        List<SideBooks.Key> paged = new ArrayList<>();
        List<SideBooks.Key> page = log.aggregatesSince(BEGIN.plusSeconds(5), null, 2);
        while (!page.isEmpty()) {
            paged.addAll(page);
            page = log.aggregatesSince(
                    BEGIN.plusSeconds(5), page.get(page.size() - 1).text(), 2);
        }
        assertThat(paged).isEqualTo(all);
    }

    @Test
    final void pages_haveAllThatHasNotArrived_eachOnce() throws Exception {
        for (int at = 0; at < 5; at++) {
            append("k" + at % 2, "e" + at);
        }
        log.process(log.find("e1").orElseThrow(), BEGIN);
        log.dismiss("e2", DISMISSAL);
        List<LoggedEvent> paged = new ArrayList<>();
        List<LoggedEvent> page = log.page(null, 2);
        while (!page.isEmpty()) {
            paged.addAll(page);
            page = log.page(page.get(page.size() - 1), 2);
        }
        assertThat(ids(paged)).containsExactly("e0", "e2", "e4", "e3");
        assertThat(paged.get(1).isDismissed()).isTrue();
    }

    @Test
    final void forget_deletesWhatHasArrivedAndIsOlder_inBatches() throws Exception {
        for (int at = 0; at < 4; at++) {
            log.process(append("k", SEGMENT, "old " + at, BEGIN), BEGIN);
        }
        log.process(append("k", SEGMENT, "young", BEGIN.plusSeconds(1)), BEGIN);
        append("k", SEGMENT, "open", BEGIN);
        append("k", SEGMENT, "dismissed", BEGIN);
        log.dismiss("dismissed", DISMISSAL);
        Instant before = BEGIN.plusSeconds(1);
        assertThat(log.forget(before, 3)).isEqualTo(3);
        assertThat(log.forget(before, 3)).isEqualTo(1);
        assertThat(log.forget(before, 3)).isZero();
        assertThat(List.of("young", "open", "dismissed"))
                .allSatisfy(id -> assertThat(log.find(id)).isPresent());
    }

    private static ReplayMark mark(String id, Instant from, Again again) {
        return new ReplayMark(id, from, again, null, "ada");
    }

    private boolean advance(ReplayMark mark, String after) throws Exception {
        return books.inTransaction(() -> log.advanceReplay(mark, after));
    }

    @Test
    final void markOfAReplay_movesOnFromWhereItStands_andEndsThere() throws Exception {
        ReplayMark begun = log.beginReplay(mark("r", BEGIN, EVERY_EVENT));
        assertThat(log.replay()).hasValue(begun);
        assertThat(advance(begun, "a")).isTrue();
        assertThat(advance(begun, "b")).as("another node was there before").isFalse();
        log.endReplay(begun);
        assertThat(log.replay()).hasValue(begun.after("a"));
        assertThat(advance(begun.after("a"), "b")).isTrue();
        log.endReplay(begun.after("b"));
        assertThat(log.replay()).isEmpty();
        assertThat(advance(begun.after("b"), "c")).isFalse();
    }

    @Test
    final void markOfAReplay_movesWithItsTransaction() throws Exception {
        ReplayMark begun = log.beginReplay(mark("r", BEGIN, EVERY_EVENT));
        assertThatThrownBy(() -> books.inTransaction(() -> {
                    assertThat(log.advanceReplay(begun, "a")).isTrue();
                    throw new IOException("rolled back");
                }))
                .isInstanceOf(IOException.class);
        assertThat(log.replay()).hasValue(begun);
    }

    @Test
    final void replayBesideAnother_beginsAnew_fromTheEarlierMoment() throws Exception {
        ReplayMark first = log.beginReplay(mark("1", BEGIN, EVERY_EVENT));
        advance(first, "a");
        ReplayMark both = log.beginReplay(mark("2", BEGIN.plusSeconds(5), WHAT_THE_LEDGER_LACKS));
        assertThat(both).isEqualTo(mark("2", BEGIN, EVERY_EVENT));
        assertThat(log.replay()).hasValue(both);
        assertThat(advance(first.after("a"), "b")).isFalse();
    }

    @Test
    final void furtherOperation_leavesPauseAndAttempts_asTheyAre() throws Exception {
        append("k", "a");
        fail("k", BEGIN.plusSeconds(60), false);
        append("k", "b");
        assertThat(claim("k")).isEmpty();
        time.advance(Duration.ofSeconds(60));
        assertThat(claim("k"))
                .hasValue(new Owed("k", SEGMENT, books.owed("k").orElseThrow(), BEGIN, 1, "failed", false));
    }

    @Test
    final void furtherOperation_ofAParkedAggregate_leavesItParked() throws Exception {
        append("k", "a");
        fail("k", BEGIN, true);
        append("k", "b");
        assertThat(claim("k")).isEmpty();
        assertThat(books.claim("w", 10, time.instant(), LEASE)).isEmpty();
        assertThat(books.parked(10)).extracting(Owed::key).containsExactly("k");
        assertThat(books.retry("k")).isTrue();
        assertThat(claim("k")).isPresent();
    }

    @Test
    final void firstAttempt_atAnotherOperation_countsFromOne() throws Exception {
        append("k", "a");
        fail("k", BEGIN, false);
        fail("k", BEGIN, false);
        Version version = books.owed("k").orElseThrow();
        books.postpone("k", version, new FailedAttempt(BEGIN, "failed", false, false, true));
        assertThat(claim("k")).map(Owed::attempts).hasValue(1);
    }

    private void fail(String key, Instant again, boolean park) {
        Version version = books.owed(key).orElseThrow();
        books.postpone(key, version, new FailedAttempt(again, "failed", false, park, false));
    }

    private Optional<Owed> claim(String key) {
        return books.claim("w", key, time.instant(), LEASE);
    }

    @Test
    final void claimOfOneKey_leavesWhatIsNotDue_andOthersClaimsUntilTheyRunOut() throws Exception {
        LoggedEvent event = append("k", "a");
        assertThat(claim("other")).isEmpty();
        assertThat(claim("k")).hasValue(new Owed("k", SEGMENT, event.version(), BEGIN, 0, null, false));
        assertThat(books.claim("another", "k", time.instant(), LEASE)).isEmpty();
        assertThat(books.claim("another", 10, time.instant(), LEASE)).isEmpty();
        time.advance(LEASE);
        assertThat(books.claim("another", "k", time.instant(), LEASE)).isPresent();
    }
}
