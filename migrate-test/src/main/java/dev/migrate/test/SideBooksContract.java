package dev.migrate.test;

import static dev.migrate.side.Role.AUTHORITY;
import static dev.migrate.side.Role.FENCED;
import static dev.migrate.side.Role.SHADOW;
import static dev.migrate.side.SideBooks.Acceptance.ACCEPTED;
import static dev.migrate.side.SideBooks.Acceptance.NOT_SHADOW;
import static dev.migrate.side.SideBooks.Acceptance.OVERTAKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.RefusedWriteException;
import dev.migrate.Version;
import dev.migrate.side.Debt;
import dev.migrate.side.Owed;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.Acceptance;
import dev.migrate.side.SideBooks.SegmentRole;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the books of every side must do; the test of an implementation extends it and says how books are made.
 *
 * <p>Extend it for a kind of side of your own, besides tests of what is particular to it, such as its isolation. Each test asks
 * for fresh books.
 */
public abstract class SideBooksContract {
    private static final Instant BEGIN = Instant.parse("2030-01-01T00:00:00Z");
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final int SEGMENT = 7;
    private final ManualTime time = new ManualTime(BEGIN);
    private SideBooks books;

    /** Creates the contract. */
    protected SideBooksContract() {}

    /**
     * Books of one side without any role, debt or ledger, which date debts by the given time.
     *
     * <p>Called once for each test, and cleaned up by the extending class.
     */
    protected abstract SideBooks emptyBooks(InstantSource time) throws Exception;

    @BeforeEach
    final void openBooks() throws Exception {
        books = emptyBooks(time);
    }

    private void assign(Role role, long epoch) {
        assertThat(books.assign(SegmentRange.ALL, role, true, epoch)).isTrue();
    }

    private Version owe(String key) throws Exception {
        return books.inTransaction(() -> books.admit(key, SEGMENT, true));
    }

    private Acceptance accept(String key, Version version, boolean deleted) throws Exception {
        return books.inTransaction(() -> books.accept(key, SEGMENT, version, deleted));
    }

    private List<Owed> claim(String worker) {
        return books.claim(worker, 100, time.instant(), LEASE);
    }

    @Test
    final void freshBooks_areEmpty() {
        assertThat(books.roles()).isEmpty();
        assertThat(books.debt()).isEqualTo(Debt.NONE);
        assertThat(claim("w")).isEmpty();
        assertThat(books.parked(10)).isEmpty();
        assertThat(books.owed("k")).isEmpty();
        assertThat(books.isInTransaction()).isFalse();
    }

    @Test
    final void assign_givesEverySegmentOfTheRangeTheRole() {
        assign(AUTHORITY, 1);
        assertThat(books.assign(new SegmentRange(10, 20), FENCED, false, 2)).isTrue();
        assertThat(books.roles())
                .containsExactlyElementsOf(IntStream.range(0, 1_000)
                        .mapToObj(segment -> segment >= 10 && segment < 20
                                ? new SegmentRole(segment, FENCED, false, 2)
                                : new SegmentRole(segment, AUTHORITY, true, 1))
                        .toList());
    }

    @Test
    final void isReadable_unlessTheSegmentIsTheShadows_orWasNeverAssigned() {
        assertThat(books.isReadable(10)).isFalse();
        assign(AUTHORITY, 1);
        books.assign(new SegmentRange(10, 11), FENCED, true, 2);
        books.assign(new SegmentRange(11, 12), SHADOW, true, 2);
        assertThat(books.isReadable(9)).isTrue();
        assertThat(books.isReadable(10)).isTrue();
        assertThat(books.isReadable(11)).isFalse();
        assertThat(books.isReadable(12)).isTrue();
    }

    @Test
    final void assign_reachesNoFurtherThanItsRange() {
        books.assign(new SegmentRange(10, 20), AUTHORITY, true, 1);
        assertThat(books.isReadable(9)).isFalse();
        assertThat(books.isReadable(10)).isTrue();
        assertThat(books.isReadable(19)).isTrue();
        assertThat(books.isReadable(20)).isFalse();
    }

    @Test
    final void assign_whereOneSegmentHasThatEpochOrALater_changesNothing() {
        assign(AUTHORITY, 3);
        books.assign(new SegmentRange(999, 1_000), FENCED, true, 5);
        List<SegmentRole> before = books.roles();
        for (long epoch : new long[] {1, 3, 4, 5}) {
            assertThat(books.assign(SegmentRange.ALL, SHADOW, true, epoch)).isFalse();
            assertThat(books.roles()).isEqualTo(before);
        }
        assign(SHADOW, 6);
    }

    @Test
    final void assign_ofARangeOfWhichAPartWasNeverAssigned_assignsAll() {
        books.assign(new SegmentRange(100, 200), SHADOW, true, 1);
        assign(AUTHORITY, 2);
        assertThat(books.roles()).hasSize(1_000).allMatch(role -> role.role() == AUTHORITY && role.epoch() == 2);
    }

    @Test
    final void admit_whereTheSideIsTheAuthority_owesTheKeyUnderTheEpochOfTheRole() throws Exception {
        assign(AUTHORITY, 4);
        Version version = owe("k");
        assertThat(version.epoch()).isEqualTo(4);
        assertThat(books.owed("k")).contains(version);
        assertThat(claim("w")).containsExactly(new Owed("k", SEGMENT, version, BEGIN, 0, null, false));
    }

    @Test
    final void admit_whereTheSideIsNotTheAuthority_isRefused() throws Exception {
        refused(true);
        assign(SHADOW, 4);
        refused(true);
        refused(false);
        assign(FENCED, 5);
        refused(true);
        refused(false);
        assign(AUTHORITY, 9);
        assertThat(owe("k").epoch()).isEqualTo(9);
    }

    private void refused(boolean owe) {
        assertThatThrownBy(() -> books.inTransaction(() -> books.admit("k", SEGMENT, owe)))
                .isInstanceOf(RefusedWriteException.class)
                .hasMessageContaining(Integer.toString(SEGMENT));
        assertThat(books.debt().isNone()).isTrue();
    }

    /** What is admitted or accepted holds with what the transaction writes besides. */
    @Test
    final void admitAndAccept_outsideOfATransaction_areRefusedAndChangeNothing() {
        assign(AUTHORITY, 1);
        assertThatThrownBy(() -> books.admit("k", SEGMENT, true))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("inTransaction(..)");
        assertThat(books.debt().isNone()).isTrue();
        assign(SHADOW, 2);
        assertThatThrownBy(() -> books.accept("k", SEGMENT, new Version(1, 1), false))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("inTransaction(..)");
        assertThat(books.heldAmong(List.of("k"))).isEmpty();
    }

    @Test
    final void admit_byAWriterThatDoesNotKnowOfTheJournal_isRefusedWhereThereIsOne() throws Exception {
        books.assign(SegmentRange.ALL, AUTHORITY, false, 1);
        assertThat(books.<Version>inTransaction(() -> books.admit("k", SEGMENT, false)))
                .isEqualTo(Version.NONE);
        assertThat(books.debt().isNone()).isTrue();
        assign(AUTHORITY, 2);
        refused(false);
    }

    @Test
    final void admit_byAWriterThatOwesAlready_isAdmittedWhereThereIsNoJournalYet() throws Exception {
        books.assign(SegmentRange.ALL, AUTHORITY, false, 1);
        assertThat(books.owed("k")).isEmpty();
        assertThat(owe("k")).isEqualTo(books.owed("k").orElseThrow());
    }

    @Test
    final void refusal_thatTheCallerCatches_stillDoomsTheTransaction() throws Exception {
        books.assign(new SegmentRange(0, 5), AUTHORITY, true, 1);
        assertThatThrownBy(() -> books.inTransaction(() -> {
                    books.admit("admitted", 1, true);
                    assertThatThrownBy(() -> books.admit("refused", SEGMENT, true))
                            .isInstanceOf(RefusedWriteException.class);
                    return "committed?";
                }))
                .isInstanceOf(RefusedWriteException.class);
        assertThat(books.debt().isNone()).isTrue();
    }

    @Test
    final void rollback_leavesNothing_andRunsNoActionAfterCommit() throws Exception {
        assign(AUTHORITY, 1);
        List<String> ran = new ArrayList<>();
        Error thrown = new AssertionError("mine");
        assertThatThrownBy(() -> books.inTransaction(() -> {
                    books.admit("k", SEGMENT, true);
                    books.afterCommit(() -> ran.add("after a rollback"));
                    throw thrown;
                }))
                .isSameAs(thrown);
        assertThat(books.debt().isNone()).isTrue();
        assertThat(ran).isEmpty();
        assertThat(books.isInTransaction()).isFalse();
    }

    @Test
    final void afterCommit_runsOnceTheOutermostTransactionHasCommitted_andAtOnceOutsideOfOne() throws Exception {
        assign(AUTHORITY, 1);
        List<String> ran = new ArrayList<>();
        books.inTransaction(() -> {
            books.inTransaction(() -> {
                books.admit("k", SEGMENT, true);
                books.afterCommit(() -> ran.add("in transaction: " + books.isInTransaction()));
                return true;
            });
            assertThat(books.isInTransaction()).isTrue();
            assertThat(ran).isEmpty();
            return true;
        });
        assertThat(ran).containsExactly("in transaction: false");
        books.afterCommit(() -> ran.add("at once"));
        assertThat(ran).hasSize(2);
    }

    @Test
    final void anotherWrite_ofAnOwedKey_isTheSameDebtUnderALaterVersion() throws Exception {
        assign(AUTHORITY, 1);
        Version first = owe("k");
        time.advance(Duration.ofSeconds(10));
        Version second = owe("k");
        assertThat(second).isGreaterThan(first);
        assertThat(books.debt()).isEqualTo(new Debt(1, 0, Optional.of(BEGIN)));
        assertThat(books.settle("k", first)).isFalse();
        assertThat(books.owed("k")).contains(second);
        assertThat(books.settle("k", second)).isTrue();
        assertThat(books.settle("k", second)).isFalse();
        assertThat(books.debt()).isEqualTo(Debt.NONE);
    }

    @Test
    final void version_neverRestartsWhenADebtIsSettled() throws Exception {
        assign(AUTHORITY, 1);
        Version before = owe("k");
        books.settle("k", before);
        assertThat(owe("k")).isGreaterThan(before);
    }

    @Test
    final void claim_isWithheldFromOthersUntilItsLeaseEnds() throws Exception {
        assign(AUTHORITY, 1);
        owe("k");
        assertThat(claim("one")).hasSize(1);
        assertThat(claim("other")).isEmpty();
        time.advance(LEASE.minusMillis(1));
        assertThat(claim("other")).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(claim("other")).hasSize(1);
    }

    @Test
    final void claim_givesTheOldestFirst_upToItsLimit() throws Exception {
        assign(AUTHORITY, 1);
        for (String key : List.of("c", "a", "b")) {
            owe(key);
            time.advance(Duration.ofSeconds(1));
        }
        owe("c");
        assertThat(books.claim("w", 2, time.instant(), LEASE))
                .extracting(Owed::key)
                .containsExactly("c", "a");
        assertThat(books.claim("w", 2, time.instant(), LEASE))
                .extracting(Owed::key)
                .containsExactly("b");
    }

    @Test
    final void debt_isThatOfTheSegmentsAskedFor() throws Exception {
        assign(AUTHORITY, 1);
        books.inTransaction(() -> books.admit("a", 10, true));
        time.advance(Duration.ofSeconds(1));
        books.inTransaction(() -> books.admit("b", 19, true));
        assertThat(books.debt(new SegmentRange(0, 10))).isEqualTo(Debt.NONE);
        assertThat(books.debt(new SegmentRange(10, 20))).isEqualTo(new Debt(2, 0, Optional.of(BEGIN)));
        assertThat(books.debt(new SegmentRange(11, 20)).oldest()).contains(BEGIN.plusSeconds(1));
    }

    @Test
    final void owe_givesNewVersions_inATransactionOfItsOwnOrTheThreads() throws Exception {
        assign(AUTHORITY, 1);
        Version before = owe("a");
        books.owe(List.of(new SideBooks.Key("b", 1), new SideBooks.Key("a", SEGMENT)), BEGIN.plusSeconds(5));
        assertThat(books.owed("a").orElseThrow()).isGreaterThan(before);
        assertThat(claim("w")).isEmpty();
        time.advance(Duration.ofSeconds(5));
        assertThat(claim("w")).extracting(Owed::key).containsExactly("a", "b");
        assertThatThrownBy(() -> books.inTransaction(() -> {
                    books.owe(List.of(new SideBooks.Key("c", 1)), BEGIN);
                    throw new IllegalStateException("rolled back");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(books.owed("c")).isEmpty();
    }

    @Test
    final void accept_takesEachVersionOnce_andNothingOlder() throws Exception {
        assign(SHADOW, 1);
        assertThat(accept("k", new Version(2, 5), false)).isEqualTo(ACCEPTED);
        assertThat(accept("k", new Version(2, 5), false)).isEqualTo(OVERTAKEN);
        assertThat(accept("k", new Version(2, 4), false)).isEqualTo(OVERTAKEN);
        assertThat(accept("k", new Version(1, 9), false)).isEqualTo(OVERTAKEN);
        assertThat(accept("k", new Version(3, 1), false)).isEqualTo(ACCEPTED);
    }

    @Test
    final void tombstone_refusesTheCopyOfAnEarlierWrite() throws Exception {
        assign(SHADOW, 1);
        assertThat(accept("k", new Version(1, 2), true)).isEqualTo(ACCEPTED);
        assertThat(accept("k", new Version(1, 1), false)).isEqualTo(OVERTAKEN);
        assertThat(books.heldAmong(Set.of("k", "other"))).containsExactly("k");
    }

    @Test
    final void accept_whereTheSideIsNotTheShadow_changesNothing() throws Exception {
        assertThat(accept("k", new Version(1, 1), false)).isEqualTo(NOT_SHADOW);
        assign(AUTHORITY, 1);
        assertThat(accept("k", new Version(1, 1), false)).isEqualTo(NOT_SHADOW);
        assign(FENCED, 2);
        assertThat(accept("k", new Version(1, 1), false)).isEqualTo(NOT_SHADOW);
        assertThat(books.heldAmong(Set.of("k"))).isEmpty();
    }

    @Test
    final void accept_thatIsRolledBack_wasNeverThere() throws Exception {
        assign(SHADOW, 1);
        assertThatThrownBy(() -> books.inTransaction(() -> {
                    assertThat(books.accept("k", SEGMENT, new Version(1, 1), false))
                            .isEqualTo(ACCEPTED);
                    throw new IllegalStateException("the data row could not be written");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(books.heldAmong(Set.of("k"))).isEmpty();
        assertThat(accept("k", new Version(1, 1), false)).isEqualTo(ACCEPTED);
    }

    @Test
    final void manyKeys_areLookedUpAtOnce() throws Exception {
        assign(AUTHORITY, 1);
        List<SideBooks.Key> keys = IntStream.range(0, 1_200)
                .mapToObj(i -> new SideBooks.Key("l:" + i, i % 1_000))
                .toList();
        books.owe(keys.subList(0, 1_100), BEGIN);
        List<String> all = keys.stream().map(SideBooks.Key::text).toList();
        assertThat(books.owedAmong(all)).hasSize(1_100).doesNotContain("l:1100");
        assertThat(books.owedAmong(List.of())).isEmpty();
        assertThat(books.heldAmong(all)).isEmpty();
    }

    @Test
    final void keysThatDifferInCaseAccentOrTrailingSpace_areDifferent() throws Exception {
        assign(AUTHORITY, 1);
        List<String> keys =
                List.of("s:cafe", "s:Cafe", "s:café", "s:cafe ", "s:cafe\u0301", "s:🦉", "", "x".repeat(512));
        for (String key : keys) {
            owe(key);
        }
        assertThat(books.debt().keys()).isEqualTo(keys.size());
        assertThat(books.owedAmong(keys)).containsExactlyInAnyOrderElementsOf(keys);
        assertThat(claim("w")).extracting(Owed::key).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    final void twoWorkers_neverHaveTheSameKeyAtOnce() throws Exception {
        assign(AUTHORITY, 1);
        books.owe(
                IntStream.range(0, 300)
                        .mapToObj(i -> new SideBooks.Key("l:" + i, i))
                        .toList(),
                BEGIN);
        ExecutorService workers = Executors.newFixedThreadPool(3);
        try {
            List<Future<List<String>>> claimed = IntStream.range(0, 3)
                    .mapToObj(i -> workers.submit(() -> claimAll("worker " + i)))
                    .toList();
            Set<String> all = new HashSet<>();
            int count = 0;
            for (Future<List<String>> some : claimed) {
                all.addAll(some.get());
                count += some.get().size();
            }
            assertThat(count).as("keys claimed, none twice").isEqualTo(all.size());
            all.addAll(claimAll("the last one"));
            assertThat(all).hasSize(300);
        } finally {
            workers.shutdown();
        }
    }

    private List<String> claimAll(String worker) {
        List<String> keys = new ArrayList<>();
        for (List<Owed> some = books.claim(worker, 7, BEGIN, LEASE);
                !some.isEmpty();
                some = books.claim(worker, 7, BEGIN, LEASE)) {
            some.forEach(owed -> keys.add(owed.key()));
        }
        return keys;
    }
}
