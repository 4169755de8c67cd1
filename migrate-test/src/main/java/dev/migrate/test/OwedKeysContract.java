package dev.migrate.test;

import static dev.migrate.side.Role.AUTHORITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.Version;
import dev.migrate.side.ConflictException;
import dev.migrate.side.Debt;
import dev.migrate.side.Dismissal;
import dev.migrate.side.FailedAttempt;
import dev.migrate.side.Owed;
import dev.migrate.side.OwedKeys;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the books of every side must let a person see and decide of the keys they owe, and what they tell of keys that are in each other's
 * way; the test of an implementation extends it, as it extends {@link SideBooksContract}.
 */
public abstract class OwedKeysContract {
    private static final Instant BEGIN = Instant.parse("2030-01-01T00:00:00Z");
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final int SEGMENT = 7;
    private final ManualTime time = new ManualTime(BEGIN);
    private SideBooks books;
    private OwedKeys keys;

    /** Creates the contract. */
    protected OwedKeysContract() {}

    /**
     * Books of one side without any role, debt or ledger, which date debts by the given time.
     *
     * <p>Called once for each test, and cleaned up by the extending class.
     */
    protected abstract SideBooks emptyBooks(InstantSource time) throws Exception;

    @BeforeEach
    final void openBooks() throws Exception {
        books = emptyBooks(time);
        keys = books.owedKeys();
        assertThat(books.assign(SegmentRange.ALL, AUTHORITY, true, 1)).isTrue();
    }

    private Version owe(String key) throws Exception {
        return owe(key, SEGMENT);
    }

    private Version owe(String key, int segment) throws Exception {
        return books.inTransaction(() -> books.admit(key, segment, true));
    }

    private Version park(String key) throws Exception {
        Version version = owe(key);
        books.postpone(key, version, BEGIN, "refused", true);
        return version;
    }

    private Dismissal by(String who) {
        return new Dismissal(who, "the customer is gone", BEGIN.plusSeconds(5));
    }

    private List<Owed> claim() {
        return books.claim("w", 100, time.instant(), LEASE);
    }

    private List<String> claimed() {
        return claim().stream().map(Owed::key).toList();
    }

    @Test
    final void anotherWrite_ofAParkedKey_isTriedAgainAsIfNothingHadFailed() throws Exception {
        claim();
        books.postpone("k", owe("k"), BEGIN.plus(LEASE), "value too long", true);
        time.advance(Duration.ofSeconds(1));
        Version corrected = owe("k");
        assertThat(books.parked(10)).isEmpty();
        assertThat(claim()).containsExactly(new Owed("k", SEGMENT, corrected, BEGIN, 0, "value too long", false));
    }

    @Test
    final void parked_isListedAndCounted_andClaimedOnlyOnceRetried() throws Exception {
        Version version = owe("k");
        books.postpone("k", version, BEGIN, "refused", true);
        assertThat(claim()).isEmpty();
        assertThat(books.parked(10)).containsExactly(new Owed("k", SEGMENT, version, BEGIN, 1, "refused", true));
        assertThat(books.debt()).isEqualTo(new Debt(1, 1, Optional.of(BEGIN)));
        assertThat(books.retry("other")).isFalse();
        assertThat(books.retry("k")).isTrue();
        assertThat(books.retry("k")).isFalse();
        assertThat(claim()).extracting(Owed::version).containsExactly(version);
    }

    @Test
    final void postponed_isDueAtItsMoment_andOnlyForTheVersionThatFailed() throws Exception {
        Version version = owe("k");
        assertThat(claim()).hasSize(1);
        books.postpone("k", version, BEGIN.plusSeconds(60), "refused", false);
        time.advance(Duration.ofSeconds(59));
        assertThat(claim()).isEmpty();
        time.advance(Duration.ofSeconds(1));
        assertThat(claim()).containsExactly(new Owed("k", SEGMENT, version, BEGIN, 1, "refused", false));
        Version later = owe("k");
        books.postpone("k", version, BEGIN.plusSeconds(600), "late news", true);
        assertThat(claim()).containsExactly(new Owed("k", SEGMENT, later, BEGIN, 0, "refused", false));
    }

    @Test
    final void claimThatIsGivenBack_isDueAtOnce_andNoAttempt() throws Exception {
        owe("another's");
        assertThat(books.claim("x", 100, time.instant(), LEASE)).hasSize(1);
        Version version = owe("k");
        owe("kept");
        assertThat(claim()).extracting(Owed::key).containsExactlyInAnyOrder("k", "kept");
        books.release("x", Set.of("kept"));
        books.release("w", Set.of("k", "another's", "never owed"));
        assertThat(claim()).containsExactly(new Owed("k", SEGMENT, version, BEGIN, 0, null, false));
        books.release("w", Set.of());
        assertThat(claim()).isEmpty();
    }

    @Test
    final void hastened_isDueAtOnceInTheRangeAlone_whateverItsPauseAndItsClaim() throws Exception {
        Version paused = books.inTransaction(() -> books.admit("paused", 10, true));
        books.postpone("paused", paused, BEGIN.plusSeconds(600), "refused", false);
        Version parked = books.inTransaction(() -> books.admit("parked", 10, true));
        books.postpone("parked", parked, BEGIN, "refused", true);
        Version outside = books.inTransaction(() -> books.admit("outside", 20, true));
        books.postpone("outside", outside, BEGIN.plusSeconds(600), "refused", false);
        books.inTransaction(() -> books.admit("claimed", 10, true));
        assertThat(claim()).extracting(Owed::key).containsExactly("claimed");
        books.hasten(new SegmentRange(10, 20));
        assertThat(claim()).extracting(Owed::key).containsExactlyInAnyOrder("paused", "claimed");
    }

    @Test
    final void dismissedKey_isNotTriedAndNotOwed_butSeenAndCounted() throws Exception {
        Version version = park("k");
        assertThat(keys.dismiss("k", by("ada"))).isTrue();
        assertThat(claimed()).isEmpty();
        assertThat(books.parked(10)).isEmpty();
        assertThat(keys.dismissed(10))
                .containsExactly(new Owed("k", SEGMENT, version, BEGIN, 1, "refused", false, by("ada")));
        assertThat(books.debt()).isEqualTo(Debt.ofDismissed(1));
        assertThat(books.debt().isSettled()).isFalse();
        assertThat(books.owed("k")).contains(version);
        assertThat(books.owedAmong(Set.of("k"))).containsExactly("k");
        assertThat(keys.dismissedAmong(Set.of("k", "other"))).containsExactly("k");
    }

    @Test
    final void onlyAParkedKey_isDismissed_andOnlyOnce() throws Exception {
        assertThat(keys.dismiss("k", by("ada"))).isFalse();
        owe("k");
        assertThat(keys.dismiss("k", by("ada"))).isFalse();
        assertThat(books.debt().keys()).isEqualTo(1);
        park("k");
        assertThat(keys.dismiss("k", by("ada"))).isTrue();
        assertThat(keys.dismiss("k", by("eve"))).isFalse();
        assertThat(keys.dismissed(10)).extracting(Owed::dismissal).containsExactly(by("ada"));
    }

    @Test
    final void whoAndWhy_areKeptAsTheyWereGiven() throws Exception {
        Dismissal longest = new Dismissal("ż".repeat(200), "it's \"gone\" 🦉\n" + "x".repeat(1_980), BEGIN);
        park("k");
        keys.dismiss("k", longest);
        assertThat(keys.dismissed(10)).extracting(Owed::dismissal).containsExactly(longest);
        assertThatThrownBy(() -> new Dismissal(" ", "why", BEGIN)).isInstanceOf(MigrationException.class);
        assertThatThrownBy(() -> new Dismissal("ada", "", BEGIN)).hasMessageContaining("why");
        assertThatThrownBy(() -> new Dismissal("ada", "x".repeat(2_001), BEGIN)).hasMessageContaining("2001");
    }

    @Test
    final void write_ofADismissedKey_makesItOrdinaryDebt() throws Exception {
        park("k");
        keys.dismiss("k", by("ada"));
        Version later = owe("k");
        assertThat(keys.dismissed(10)).isEmpty();
        assertThat(keys.dismissedAmong(Set.of("k"))).isEmpty();
        assertThat(books.debt()).isEqualTo(new Debt(1, 0, Optional.of(BEGIN)));
        assertThat(claimed()).containsExactly("k");
        books.postpone("k", later, BEGIN, "refused again", true);
        assertThat(books.parked(10)).hasSize(1);
        assertThat(keys.dismissed(10))
                .as("what was decided of an earlier version")
                .isEmpty();
    }

    @Test
    final void owing_ofADismissedKey_makesItOrdinaryDebt() throws Exception {
        park("k");
        keys.dismiss("k", by("ada"));
        books.owe(List.of(new SideBooks.Key("k", SEGMENT)), BEGIN);
        assertThat(keys.dismissed(10)).isEmpty();
        assertThat(claimed()).containsExactly("k");
    }

    @Test
    final void write_thatIsRolledBack_leavesTheDismissal() throws Exception {
        park("k");
        keys.dismiss("k", by("ada"));
        assertThatThrownBy(() -> books.inTransaction(() -> {
                    books.admit("k", SEGMENT, true);
                    throw new IllegalStateException("rolled back");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(keys.dismissed(10)).extracting(Owed::dismissal).containsExactly(by("ada"));
    }

    @Test
    final void retried_isTriedAgain_andParkedAgainIsNotDismissed() throws Exception {
        Version version = park("k");
        keys.dismiss("k", by("ada"));
        assertThat(books.retry("k")).isTrue();
        assertThat(books.retry("k")).isFalse();
        assertThat(books.debt().keys()).isEqualTo(1);
        assertThat(claimed()).containsExactly("k");
        books.postpone("k", version, BEGIN, "refused again", true);
        assertThat(books.parked(10)).extracting(Owed::dismissal).containsExactly((Dismissal) null);
        assertThat(keys.dismissed(10)).isEmpty();
    }

    @Test
    final void copyThatArrives_strikesADismissedKeyOut() throws Exception {
        Version version = park("k");
        keys.dismiss("k", by("ada"));
        assertThat(books.settle("k", version)).isTrue();
        assertThat(books.debt()).isEqualTo(Debt.NONE);
        assertThat(books.debt().isSettled()).isTrue();
        assertThat(keys.dismissed(10)).isEmpty();
    }

    @Test
    final void attemptThatFailsLate_leavesADismissedKeyAlone() throws Exception {
        Version version = park("k");
        keys.dismiss("k", by("ada"));
        books.postpone("k", version, BEGIN, "late news", false);
        assertThat(claimed()).isEmpty();
        assertThat(keys.dismissed(10)).extracting(Owed::lastError).containsExactly("refused");
    }

    @Test
    final void debt_tellsTheAgeOfWhatIsStillTriedApart() throws Exception {
        park("parked");
        time.advance(Duration.ofSeconds(1));
        park("dismissed");
        keys.dismiss("dismissed", by("ada"));
        time.advance(Duration.ofSeconds(1));
        owe("tried");
        owe("elsewhere", 900);
        assertThat(books.debt(new SegmentRange(0, 100)))
                .isEqualTo(new Debt(2, 1, 1, 0, Optional.of(BEGIN), Optional.of(BEGIN.plusSeconds(2))));
        assertThat(books.debt(new SegmentRange(900, 901))).isEqualTo(new Debt(1, 0, Optional.of(BEGIN.plusSeconds(2))));
    }

    @Test
    final void pages_haveEveryKeyOnce() throws Exception {
        books.owe(
                IntStream.range(0, 23)
                        .mapToObj(i -> new SideBooks.Key("l:" + i, i))
                        .toList(),
                BEGIN);
        owe("");
        owe("s:Żółw");
        park("s:parked");
        park("s:dismissed");
        keys.dismiss("s:dismissed", by("ada"));
        List<Owed> all = pages(5);
        assertThat(all)
                .hasSize(27)
                .extracting(Owed::key)
                .doesNotHaveDuplicates()
                .contains("", "s:Żółw", "l:22");
        assertThat(all).filteredOn(Owed::isParked).extracting(Owed::key).containsExactly("s:parked");
        assertThat(all)
                .filteredOn(Owed::isDismissed)
                .extracting(Owed::dismissal)
                .containsExactly(by("ada"));
        assertThat(pages(27)).isEqualTo(all);
        assertThat(pages(1)).isEqualTo(all);
    }

    private List<Owed> pages(int limit) {
        List<Owed> all = new ArrayList<>();
        for (List<Owed> page = keys.page(null, limit);
                !page.isEmpty();
                page = keys.page(page.get(page.size() - 1).key(), limit)) {
            assertThat(page).hasSizeLessThanOrEqualTo(limit);
            all.addAll(page);
        }
        return all;
    }

    @Test
    final void pages_missNoKeyThatIsOwedThroughout_whileOthersComeAndGo() throws Exception {
        List<String> staying = IntStream.range(0, 20).mapToObj(i -> "l:" + i).toList();
        for (String key : staying) {
            owe(key);
        }
        List<String> seen = new ArrayList<>();
        int round = 0;
        for (List<Owed> page = keys.page(null, 3);
                !page.isEmpty();
                page = keys.page(page.get(page.size() - 1).key(), 3)) {
            page.forEach(owed -> seen.add(owed.key()));
            String last = page.get(page.size() - 1).key();
            books.settle(last, books.owed(last).orElseThrow());
            owe("l:9" + round++);
        }
        assertThat(seen).doesNotHaveDuplicates().containsAll(staying);
    }

    @Test
    final void keysInEachOthersWay_areThoseWhoseLastAttemptFailedSo() throws Exception {
        refuse("conflict", true, false);
        refuse("other", false, false);
        refuse("parked", true, true);
        refuse("dismissed", true, true);
        keys.dismiss("dismissed", by("ada"));
        refuse("no longer", true, false);
        refuse("no longer", false, false);
        owe("fresh");
        refuse("written again", true, false);
        owe("written again");
        assertThat(books.conflicting(BEGIN, 10))
                .extracting(Owed::key)
                .as("a write is no attempt")
                .containsExactlyInAnyOrder("conflict", "parked", "written again");
        assertThat(books.conflicting(BEGIN, 10))
                .filteredOn(Owed::isParked)
                .extracting(Owed::key)
                .containsExactly("parked");
    }

    private void refuse(String key, boolean isConflict, boolean park) throws Exception {
        books.postpone(key, owe(key), new FailedAttempt(BEGIN.plus(LEASE), "refused", isConflict, park));
    }

    @Test
    final void keysInEachOthersWay_areThoseOwedSinceAboutTheMoment() throws Exception {
        for (int i = 0; i < 10; i++) {
            refuse("k" + i, true, false);
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(books.conflicting(BEGIN.plusSeconds(5), 4))
                .hasSize(4)
                .extracting(Owed::key)
                .contains("k4", "k5")
                .isSubsetOf("k3", "k4", "k5", "k6", "k7");
        assertThat(books.conflicting(Instant.EPOCH, 3))
                .extracting(Owed::key)
                .containsExactlyInAnyOrder("k0", "k1", "k2");
        assertThat(books.conflicting(BEGIN.plusSeconds(3_600), 3))
                .extracting(Owed::key)
                .containsExactlyInAnyOrder("k7", "k8", "k9");
        assertThat(books.conflicting(BEGIN, 100)).hasSize(10);
    }

    @Test
    final void conflict_isToldFromOtherFailures() {
        ConflictException conflict = new ConflictException("the name is taken");
        assertThat(books.isConflict(conflict)).isTrue();
        assertThat(books.isConflict(new IllegalStateException(new IOException(conflict))))
                .isTrue();
        assertThat(books.isConflict(new IOException("down"))).isFalse();
    }
}
