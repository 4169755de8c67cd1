package dev.migrate.test;

import static dev.migrate.side.Role.AUTHORITY;
import static dev.migrate.side.Role.FENCED;
import static dev.migrate.side.Role.SHADOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.RefusedWriteException;
import dev.migrate.Version;
import dev.migrate.side.Debt;
import dev.migrate.side.Intent;
import dev.migrate.side.Intents;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the {@link Intents} of every side must do, besides what {@link SideBooksContract} asks of its books; the test of an implementation
 * extends it and says how books are made.
 */
public abstract class SideIntentsContract {
    private static final Instant BEGIN = Instant.parse("2030-01-01T00:00:00Z");
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int SEGMENT = 7;
    private static final SideBooks.Key KEY = new SideBooks.Key("k", SEGMENT);
    private final ManualTime time = new ManualTime(BEGIN);
    private SideBooks books;
    private Intents intents;

    /** Creates the contract. */
    protected SideIntentsContract() {}

    /**
     * Books of one side without any role, debt or intent, which date by the given time.
     *
     * <p>Called once for each test, and cleaned up by the extending class.
     */
    protected abstract SideBooks emptyBooks(InstantSource time) throws Exception;

    @BeforeEach
    final void openBooks() throws Exception {
        books = emptyBooks(time);
        intents = books.intents();
    }

    private void assign(Role role, long epoch) {
        assertThat(books.assign(SegmentRange.ALL, role, true, epoch)).isTrue();
    }

    private Intent begin(String key) {
        return begin(new SideBooks.Key(key, SEGMENT));
    }

    private Intent begin(SideBooks.Key key) {
        return intents.begin(key, time.instant().plus(LIMIT), "node 1");
    }

    private int settle() {
        return intents.settleOverdue(time.instant(), 100);
    }

    private List<String> owedKeys() {
        return books.claim("w", 1_000, time.instant(), Duration.ofSeconds(30)).stream()
                .map(owed -> owed.key())
                .toList();
    }

    @Test
    final void begun_isDebtButNotOwed_andNobodysWork() {
        assign(AUTHORITY, 4);
        Intent intent = begin("k");
        assertThat(intent)
                .isEqualTo(new Intent("k", SEGMENT, intent.version(), BEGIN.plus(LIMIT), "node 1"))
                .asString()
                .doesNotContain("key");
        assertThat(intent.version().epoch()).isEqualTo(4);
        assertThat(books.debt()).isEqualTo(Debt.ofIntents(1, Optional.of(BEGIN)));
        assertThat(books.debt().isNone()).isFalse();
        assertThat(intents.debt(new SegmentRange(SEGMENT, SEGMENT + 1)).intents())
                .isEqualTo(1);
        assertThat(books.debt(new SegmentRange(0, SEGMENT))).isEqualTo(Debt.NONE);
        assertThat(books.debt(new SegmentRange(SEGMENT + 1, 1_000))).isEqualTo(Debt.NONE);
        assertThat(books.owed("k")).isEmpty();
        assertThat(intents.isBegun("k")).isTrue();
        assertThat(intents.isBegun("other")).isFalse();
        assertThat(owedKeys()).isEmpty();
    }

    @Test
    final void begin_whereTheSideIsNotTheAuthority_isRefusedAndLeavesNothing() {
        refused();
        assign(SHADOW, 1);
        refused();
        assign(FENCED, 2);
        refused();
        assign(AUTHORITY, 3);
        assertThat(begin("k").version().epoch()).isEqualTo(3);
    }

    private void refused() {
        assertThatThrownBy(() -> begin("k"))
                .isInstanceOf(RefusedWriteException.class)
                .hasMessageContaining("segment " + SEGMENT);
        assertThat(books.debt()).isEqualTo(Debt.NONE);
    }

    @Test
    final void begin_looksAtTheSegmentsOwnRole() {
        assign(AUTHORITY, 1);
        books.assign(new SegmentRange(SEGMENT, SEGMENT + 1), FENCED, true, 2);
        refused();
        assertThat(begin(new SideBooks.Key("k", SEGMENT + 1)).version().epoch()).isEqualTo(1);
    }

    @Test
    final void acknowledged_isOwedUnderALaterVersion_andBegunNoMore() {
        assign(AUTHORITY, 1);
        Intent intent = begin("k");
        assertThat(intents.acknowledge(intent)).isTrue();
        assertThat(books.owed("k").orElseThrow()).isGreaterThan(intent.version());
        assertThat(books.debt()).isEqualTo(new Debt(1, 0, Optional.of(BEGIN)));
        assertThat(intents.isBegun("k")).isFalse();
        assertThat(owedKeys()).containsExactly("k");
    }

    @Test
    final void acknowledgedOnce_cannotBeAgain() {
        assign(AUTHORITY, 1);
        Intent intent = begin("k");
        intents.acknowledge(intent);
        Version owed = books.owed("k").orElseThrow();
        assertThat(intents.acknowledge(intent)).isFalse();
        assertThat(books.owed("k")).contains(owed);
    }

    @Test
    final void acknowledge_ofAKeyThatIsOwedAndWasTakenUp_owesItAnew() {
        assign(AUTHORITY, 1);
        Intent intent = begin("k");
        books.owe(List.of(KEY), Instant.EPOCH);
        Version copied = books.owed("k").orElseThrow();
        assertThat(intents.acknowledge(intent)).isTrue();
        assertThat(books.settle("k", copied)).as("a copy of before").isFalse();
        assertThat(books.owed("k").orElseThrow()).isGreaterThan(copied);
    }

    @Test
    final void acknowledge_isPossibleInAFencedSegment_forTheDrainWaitsForIt() {
        assign(AUTHORITY, 1);
        Intent intent = begin("k");
        assign(FENCED, 2);
        assertThat(books.debt().intents()).isEqualTo(1);
        assertThat(intents.acknowledge(intent)).isTrue();
        assertThat(books.debt()).isEqualTo(new Debt(1, 0, Optional.of(BEGIN)));
    }

    @Test
    final void settle_leavesWhatMayStillBeRunning() {
        assign(AUTHORITY, 1);
        Intent intent = begin("k");
        time.advance(LIMIT.minusMillis(1));
        assertThat(settle()).isZero();
        assertThat(intents.acknowledge(intent)).isTrue();
    }

    @Test
    final void settled_isOwed_andCannotBeAcknowledgedAnyMore() {
        assign(AUTHORITY, 1);
        Intent intent = begin("k");
        time.advance(LIMIT);
        assertThat(settle()).isEqualTo(1);
        assertThat(books.debt()).isEqualTo(new Debt(1, 0, Optional.of(BEGIN.plus(LIMIT))));
        assertThat(intents.isBegun("k")).isFalse();
        Version owed = books.owed("k").orElseThrow();
        assertThat(owed).isGreaterThan(intent.version());
        assertThat(intents.acknowledge(intent)).isFalse();
        assertThat(books.owed("k")).contains(owed);
        assertThat(settle()).isZero();
    }

    @Test
    final void settle_worksInAFencedSegment_forTheDrainDoesIt() {
        assign(AUTHORITY, 1);
        begin("k");
        assign(FENCED, 2);
        time.advance(LIMIT);
        assertThat(settle()).isEqualTo(1);
        assertThat(owedKeys()).containsExactly("k");
    }

    @Test
    final void settle_takesTheEarliestFirst_upToItsLimit() {
        assign(AUTHORITY, 1);
        for (String key : List.of("c", "a", "b")) {
            begin(key);
            time.advance(Duration.ofSeconds(1));
        }
        time.advance(LIMIT);
        assertThat(intents.settleOverdue(time.instant(), 2)).isEqualTo(2);
        assertThat(books.owedAmong(List.of("a", "b", "c"))).containsExactlyInAnyOrder("a", "c");
        assertThat(intents.settleOverdue(time.instant(), 2)).isEqualTo(1);
        assertThat(intents.settleOverdue(time.instant(), 2)).isZero();
    }

    @Test
    final void severalWritesOfOneKey_areIntentsOfTheirOwn() {
        assign(AUTHORITY, 1);
        Intent first = begin("k");
        Intent second = begin("k");
        assertThat(second.version()).isGreaterThan(first.version());
        assertThat(books.debt().intents()).isEqualTo(2);
        assertThat(intents.acknowledge(first)).isTrue();
        assertThat(intents.isBegun("k")).isTrue();
        assertThat(intents.acknowledge(second)).isTrue();
        assertThat(books.debt()).isEqualTo(new Debt(1, 0, Optional.of(BEGIN)));
    }

    @Test
    final void overdueWritesOfOneKey_areSettledTogether() {
        assign(AUTHORITY, 1);
        List<Intent> begun = List.of(begin("k"), begin("k"));
        time.advance(LIMIT);
        assertThat(settle()).isEqualTo(2);
        begun.forEach(intent -> assertThat(intents.acknowledge(intent)).isFalse());
        assertThat(owedKeys()).containsExactly("k");
    }

    @Test
    final void intents_areNoPartOfTheThreadsTransaction() {
        assign(AUTHORITY, 1);
        List<Intent> begun = new ArrayList<>();
        assertThatThrownBy(() -> books.inTransaction(() -> {
                    begun.add(begin("k"));
                    throw new IllegalStateException("rolled back");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(books.debt().intents()).isEqualTo(1);
        assertThat(intents.acknowledge(begun.get(0))).isTrue();
    }

    @Test
    final void keysThatDifferInCaseAccentOrTrailingSpace_areDifferent() {
        assign(AUTHORITY, 1);
        List<String> keys = List.of("s:cafe", "s:Cafe", "s:café", "s:cafe ", "s:🦉", "", "x".repeat(512));
        keys.forEach(this::begin);
        assertThat(keys).allMatch(intents::isBegun);
        assertThat(intents.isBegun("S:CAFE")).isFalse();
        time.advance(LIMIT);
        assertThat(settle()).isEqualTo(keys.size());
        assertThat(owedKeys()).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    final void owner_hasOneToTwoHundredCharacters() {
        assign(AUTHORITY, 1);
        for (String owner : List.of("", "x".repeat(201))) {
            assertThatThrownBy(() -> intents.begin(KEY, BEGIN.plus(LIMIT), owner))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("1 to 200");
        }
        assertThat(books.debt()).isEqualTo(Debt.NONE);
        assertThat(intents.begin(KEY, BEGIN.plus(LIMIT), "x".repeat(200)).owner())
                .hasSize(200);
    }

    /** Of the writer and the settlers who come at the same moment, one alone has the intent. */
    @Test
    final void ofThoseWhoEndAnIntentAtOnce_oneSucceeds() throws Exception {
        assign(AUTHORITY, 1);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            for (int round = 0; round < 30; round++) {
                Intent intent = begin("k" + round);
                Instant later = intent.deadline();
                CyclicBarrier start = new CyclicBarrier(3);
                Callable<Integer> settles = () -> {
                    start.await();
                    return intents.settleOverdue(later, 100);
                };
                Callable<Integer> acknowledges = () -> {
                    start.await();
                    return intents.acknowledge(intent) ? 1 : 0;
                };
                int ended = 0;
                for (Future<Integer> one : threads.invokeAll(List.of(acknowledges, settles, settles))) {
                    ended += one.get();
                }
                assertThat(ended).as("round %s", round).isEqualTo(1);
                assertThat(books.owed("k" + round)).isPresent();
                assertThat(books.debt().intents()).isZero();
            }
        } finally {
            threads.shutdown();
        }
    }

    /** While writes are ended, a drain that looks never finds nothing: each is in one of the two places. */
    @Test
    final void aWriteThatEnds_isSeenByADrain_atEveryMoment() throws Exception {
        assign(AUTHORITY, 1);
        List<Intent> begun = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            begun.add(begin("k" + i));
        }
        Collections.shuffle(begun, new java.util.Random(1));
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            requireSeen(100);
            Future<Boolean> ending = thread.submit(() -> begun.stream().allMatch(intents::acknowledge));
            while (!ending.isDone()) {
                requireSeen(100);
            }
            assertThat(ending.get()).isTrue();
        } finally {
            thread.shutdown();
        }
        assertThat(books.debt()).isEqualTo(new Debt(100, 0, Optional.of(BEGIN)));
    }

    private void requireSeen(int writes) {
        Debt debt = books.debt();
        assertThat(debt.keys() + debt.intents()).isGreaterThanOrEqualTo(writes);
    }

    /** The versions of one key rise in the order in which its writes are announced, on every node. */
    @Test
    final void versions_riseFromWriteToWrite_whoeverAnnouncesThem() throws Exception {
        assign(AUTHORITY, 1);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<List<Version>>> writers = Collections.nCopies(
                    4,
                    () -> java.util.stream.IntStream.range(0, 50)
                            .mapToObj(i -> begin("k").version())
                            .toList());
            List<Version> all = new ArrayList<>();
            for (Future<List<Version>> one : threads.invokeAll(writers)) {
                assertThat(one.get()).isSorted();
                all.addAll(one.get());
            }
            assertThat(all).doesNotHaveDuplicates();
            assertThat(begin("k").version()).isGreaterThan(Collections.max(all));
        } finally {
            threads.shutdown();
        }
    }
}
