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
import dev.migrate.Version;
import dev.migrate.side.Debt;
import dev.migrate.side.Owed;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What the books of every side must do; the test of an implementation extends it and says how books are made.
 *
 * <p>Extend it for a kind of side of your own, besides tests of what is particular to it, such as its isolation. Each test asks
 * for fresh books.
 */
public abstract class SideBooksContract extends SideRolesContract {
    /** Creates the contract. */
    protected SideBooksContract() {}

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
    final void debtsOfSeveralKeys_areReadAtOnce_andStruckOutWhereTheyHaveNotMoved() throws Exception {
        assign(AUTHORITY, 1);
        for (String key : List.of("a", "b", "c")) {
            owe(key);
        }
        Map<String, Version> copied = books.owed(List.of("a", "b", "c", "none"));
        assertThat(copied).containsOnlyKeys("a", "b", "c");
        assertThat(books.owed("a")).contains(copied.get("a"));
        Version moved = owe("b");
        assertThat(books.settle(copied)).containsExactlyInAnyOrder("a", "c");
        assertThat(books.owed(List.of("a", "b", "c"))).isEqualTo(Map.of("b", moved));
        assertThat(books.settle(copied)).isEmpty();
        assertThat(books.owed(List.of())).isEmpty();
        assertThat(books.settle(Map.of())).isEmpty();
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
    final void ledger_isReadInPages_withTheLatestVersionOfEachKey() throws Exception {
        assign(SHADOW, 1);
        for (String key : List.of("b", "a", "c", "A")) {
            assertThat(accept(key, new Version(1, 1), false)).isEqualTo(ACCEPTED);
        }
        assertThat(accept("b", new Version(2, 7), true)).isEqualTo(ACCEPTED);
        List<SideBooks.LedgerKey> all = books.ledger(null, 10);
        assertThat(all)
                .containsExactlyInAnyOrder(
                        new SideBooks.LedgerKey("a", new Version(1, 1)),
                        new SideBooks.LedgerKey("A", new Version(1, 1)),
                        new SideBooks.LedgerKey("b", new Version(2, 7)),
                        new SideBooks.LedgerKey("c", new Version(1, 1)));
        assertThat(books.ledger(null, 3)).isEqualTo(all.subList(0, 3));
        assertThat(books.ledger(all.get(2).key(), 3)).isEqualTo(all.subList(3, 4));
        assertThat(books.ledger(all.get(3).key(), 3)).isEmpty();
    }

    @Test
    final void ledgerSinceAVersion_hasWhatIsLater_byEpochFirst() throws Exception {
        assign(SHADOW, 1);
        assertThat(accept("a", new Version(2, 1), false)).isEqualTo(ACCEPTED);
        assertThat(accept("b", new Version(1, 9), false)).isEqualTo(ACCEPTED);
        assertThat(accept("c", new Version(1, 5), true)).isEqualTo(ACCEPTED);
        assertThat(accept("d", new Version(1, 6), false)).isEqualTo(ACCEPTED);
        List<SideBooks.LedgerKey> all = books.ledgerSince(Version.NONE, null, 10);
        assertThat(all).isEqualTo(books.ledger(null, 10)).hasSize(4);
        List<SideBooks.LedgerKey> later = books.ledgerSince(new Version(1, 5), null, 10);
        assertThat(later).extracting(SideBooks.LedgerKey::key).containsExactly("a", "b", "d");
        assertThat(books.ledgerSince(new Version(1, 5), "a", 1)).isEqualTo(later.subList(1, 2));
        assertThat(books.ledgerSince(new Version(1, 5), "d", 10)).isEmpty();
        assertThat(books.ledgerSince(new Version(1, 9), null, 10)).isEqualTo(later.subList(0, 1));
    }

    @Test
    final void versionThatIsDrawn_isBeforeAllThatAreOwedLater_andAfterThoseBefore() throws Exception {
        assertThatThrownBy(() -> books.drawVersion())
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("has no roles")
                .hasMessageContaining("DUAL_WRITE");
        assign(AUTHORITY, 3);
        books.owe(List.of(new SideBooks.Key("before", 7)), BEGIN);
        Version drawn = books.drawVersion();
        books.owe(List.of(new SideBooks.Key("after", 7)), BEGIN);
        assertThat(drawn.isAfter(books.owed("before").orElseThrow())).isTrue();
        assertThat(books.owed("after").orElseThrow().isAfter(drawn)).isTrue();
        assertThat(books.assign(new SegmentRange(500, 600), AUTHORITY, true, 5)).isTrue();
        assertThat(books.drawVersion().epoch())
                .as("a write of another segment has the earlier epoch")
                .isEqualTo(3);
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
        Map<String, Version> owed = books.owed(all);
        assertThat(owed).hasSize(1_100);
        assertThat(books.settle(owed)).isEqualTo(owed.keySet());
        assertThat(books.debt()).isEqualTo(Debt.NONE);
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
