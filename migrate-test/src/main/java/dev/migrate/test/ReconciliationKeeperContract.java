package dev.migrate.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.reconcile.Difference;
import dev.migrate.reconcile.Hint;
import dev.migrate.reconcile.Pass;
import dev.migrate.reconcile.PassHistory;
import dev.migrate.reconcile.ReconciliationKeeper;
import dev.migrate.reconcile.Review;
import dev.migrate.reconcile.Review.Deed;
import dev.migrate.reconcile.Review.Entry;
import dev.migrate.reconcile.Review.State;
import dev.migrate.reconcile.ReviewQueue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store that keeps reviews and the history of passes must do; the test of an implementation extends it. */
public abstract class ReconciliationKeeperContract {
    private static final Instant BEGIN = Instant.parse("2030-01-01T00:00:00.123456Z");
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final int NODES = 6;
    private final ManualTime time = new ManualTime(BEGIN);
    private ReconciliationKeeper keeper;
    private ReviewQueue queue;
    private PassHistory passes;

    /** Creates the contract. */
    protected ReconciliationKeeperContract() {}

    /**
     * A store without reviews and passes, which dates them by the given time.
     *
     * <p>Called once for each test, and cleaned up by the extending class.
     */
    protected abstract ReconciliationKeeper emptyKeeper(InstantSource time) throws Exception;

    /** The same store as another process would open it; by default the same object. */
    protected ReconciliationKeeper onAnotherNode(ReconciliationKeeper store) throws Exception {
        return store;
    }

    @BeforeEach
    final void open() throws Exception {
        keeper = emptyKeeper(time);
        queue = keeper.reviews("orders", "records");
        passes = keeper.passes("orders", "records");
    }

    private static Review.Found found(String key, String... fields) {
        return new Review.Found(
                new Difference(key, Difference.Kind.DIFFERENT, Side.LEGACY, List.of(fields)), "cursor of " + key);
    }

    private List<Deed> deeds(String key) {
        return queue.audit(key, 100).stream().map(Entry::deed).toList();
    }

    @Test
    final void differenceThatIsAddedAgain_isOneReview_thatWasSeenLater() throws Exception {
        Review opened = queue.add(found("k", "email", "age"), "ada");
        assertThat(opened).isEqualTo(new Review(found("k", "email", "age"), State.OPEN, BEGIN, BEGIN, null, null, 1));
        time.advance(Duration.ofHours(1));
        Review seen = queue.add(found("k", "email", "age"), "bob");
        assertThat(seen.since()).isEqualTo(BEGIN);
        assertThat(seen.lastSeen()).isEqualTo(time.instant());
        assertThat(seen.version()).isEqualTo(1);
        assertThat(queue.list(State.OPEN, 10)).containsExactly(seen);
        assertThat(queue.count(State.OPEN)).isEqualTo(1);
        assertThat(onAnotherNode(keeper).reviews("orders", "records").find("k")).hasValue(seen);
        assertThat(queue.audit("k", 10))
                .containsExactly(new Entry(1, BEGIN, "ada", Deed.OPENED, "a pass has confirmed a difference"));
        assertThat(keeper.reviews("orders", "others").find("k")).isEmpty();
        assertThat(keeper.reviews("users", "records").find("k")).isEmpty();
    }

    @Test
    final void claimedReview_isNobodyElses_untilTheLeaseEnds() {
        queue.add(found("k"), "ada");
        Review claimed = queue.claim("k", "ada", LEASE).orElseThrow();
        assertThat(claimed.claimedBy(time.instant())).hasValue("ada");
        assertThat(queue.claim("k", "bob", LEASE)).isEmpty();
        assertThat(queue.claim("k", "ada", LEASE)).as("renewed").isPresent();
        assertThatThrownBy(() -> queue.decide("k", Side.TARGET, "bob", "why"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("'bob' cannot decide")
                .hasMessageContaining("claimed by 'ada'")
                .hasMessageContaining("claim(..) it first");
        time.advance(LEASE);
        assertThatThrownBy(() -> queue.decide("k", Side.TARGET, "ada", "too late"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("claimed by nobody");
        assertThat(queue.claim("k", "bob", LEASE)).isPresent();
        assertThat(queue.release("k", "ada")).isFalse();
        assertThat(queue.release("k", "bob")).isTrue();
        assertThat(queue.claim("k", "ada", LEASE)).isPresent();
        assertThat(queue.claim("unknown", "ada", LEASE)).isEmpty();
        assertThat(deeds("k"))
                .containsExactly(Deed.CLAIMED, Deed.RELEASED, Deed.CLAIMED, Deed.CLAIMED, Deed.CLAIMED, Deed.OPENED);
    }

    @Test
    final void decision_staysWhileWhatDiffersIsTheSame_andEndsWhereItIsAnotherThing() {
        queue.add(found("k", "email"), "ada");
        queue.claim("k", "ada", LEASE);
        time.advance(Duration.ofSeconds(1));
        Review decided = queue.decide("k", Side.TARGET, "ada", "by letter, \u00e9");
        assertThat(decided.state()).isEqualTo(State.DECIDED);
        assertThat(decided.decision())
                .isEqualTo(new Review.Decision(Side.TARGET, "ada", "by letter, \u00e9", time.instant()));
        assertThat(decided.claimedBy(time.instant())).isEmpty();
        assertThat(queue.find("k")).hasValue(decided);
        assertThat(queue.add(found("k", "email"), "bob").decision()).isEqualTo(decided.decision());
        assertThat(queue.list(State.DECIDED, 10)).hasSize(1);
        Review changed = queue.add(found("k", "email", "age"), "bob");
        assertThat(changed.state()).isEqualTo(State.OPEN);
        assertThat(changed.decision()).isNull();
        assertThat(queue.find("k")).hasValue(changed);
        assertThat(deeds("k")).containsExactly(Deed.CHANGED, Deed.DECIDED, Deed.CLAIMED, Deed.OPENED);
    }

    @Test
    final void closedReview_isOpenedAgain_whereItDiffersAgain() {
        Review review = queue.add(found("k"), "ada");
        queue.claim("k", "ada", LEASE);
        assertThat(queue.close("k", review.version(), "ada", "an older version"))
                .isFalse();
        assertThat(queue.close("k", 2, "ada", "equal")).isTrue();
        assertThat(queue.close("k", 3, "ada", "closed before")).isFalse();
        assertThat(queue.close("unknown", 1, "ada", "equal")).isFalse();
        assertThat(queue.claim("k", "ada", LEASE)).isEmpty();
        assertThat(queue.count(State.OPEN)).isZero();
        assertThat(queue.count(State.CLOSED)).isEqualTo(1);
        time.advance(Duration.ofDays(1));
        Review again = queue.add(found("k"), "ada");
        assertThat(again).isEqualTo(new Review(found("k"), State.OPEN, time.instant(), time.instant(), null, null, 4));
        assertThat(queue.audit("k", 2)).extracting(Entry::deed).containsExactly(Deed.OPENED, Deed.CLOSED);
    }

    @Test
    final void acceptedReview_staysSo_whileWhatDiffersAndItsReasonAreTheSame() {
        queue.add(refused("k", "check 'adult'"), "ada");
        assertThatThrownBy(() -> queue.accept("k", "ada", "why"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("claimed by nobody");
        queue.claim("k", "ada", LEASE);
        Review accepted = queue.accept("k", "ada", "a test account");
        assertThat(accepted.state()).isEqualTo(State.ACCEPTED);
        assertThat(accepted.version()).isEqualTo(3);
        assertThat(queue.find("k")).hasValue(accepted);
        assertThat(queue.list(State.ACCEPTED, 10)).containsExactly(accepted);
        assertThat(queue.list(State.CLOSED, 10)).isEmpty();
        assertThat(queue.count(State.ACCEPTED)).isEqualTo(1);
        assertThat(queue.count(State.CLOSED)).isZero();
        assertThat(queue.audit("k", 1)).containsExactly(new Entry(3, BEGIN, "ada", Deed.CLOSED, "a test account"));
        assertThat(queue.claim("k", "bob", LEASE)).as("nothing to decide").isEmpty();
        time.advance(Duration.ofDays(1));
        Review seen = queue.add(refused("k", null), "bob");
        assertThat(seen.state()).as("seen by a pass, which knows no reason").isEqualTo(State.ACCEPTED);
        assertThat(seen.found().difference().reason()).isEqualTo("check 'adult'");
        assertThat(queue.add(refused("k", "check 'adult'"), "bob").state()).isEqualTo(State.ACCEPTED);
        Difference handedOver = new Difference("k", Difference.Kind.MISSING_IN_TARGET, Side.TARGET, List.of());
        assertThat(queue.add(new Review.Found(handedOver, "c"), "bob").state()).isEqualTo(State.ACCEPTED);
        assertThat(queue.add(refused("k", "length of column"), "bob").state()).isEqualTo(State.OPEN);
        assertThat(queue.list(State.ACCEPTED, 10)).isEmpty();
        assertThat(queue.find("k").orElseThrow().found().difference().reason()).isEqualTo("length of column");
        queue.add(found("d", "email"), "ada");
        queue.claim("d", "ada", LEASE);
        assertThatThrownBy(() -> queue.accept("d", "ada", "why"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("decide(..)");
        assertThatThrownBy(() -> queue.accept("unknown", "ada", "why")).isInstanceOf(MigrationException.class);
    }

    private static Review.Found refused(String key, @Nullable String reason) {
        return new Review.Found(
                new Difference(key, Difference.Kind.MISSING_IN_TARGET, Side.LEGACY, List.of(), Map.of(), reason),
                "cursor of " + key);
    }

    @Test
    final void hints_areKept_andMakeNoOtherDifference() {
        Map<String, Hint> hints = Map.of("email", Hint.CASE, "a ge", Hint.ROUNDED);
        Difference hinted =
                new Difference("k", Difference.Kind.DIFFERENT, Side.LEGACY, List.of("email", "a ge", "n"), hints, null);
        Review opened = queue.add(new Review.Found(hinted, "c"), "ada");
        assertThat(queue.find("k")).hasValue(opened);
        assertThat(opened.found().difference()).isEqualTo(hinted);
        assertThat(queue.add(found("k", "email", "a ge", "n"), "ada").version()).isEqualTo(1);
    }

    @Test
    final void reviews_areListedOldestFirst() {
        queue.add(found("z"), "ada");
        time.advance(Duration.ofSeconds(1));
        queue.add(found("b"), "ada");
        queue.add(found("a"), "ada");
        assertThat(queue.list(State.OPEN, 10)).extracting(Review::key).containsExactly("z", "a", "b");
        assertThat(queue.list(State.OPEN, 1)).extracting(Review::key).containsExactly("z");
    }

    @Test
    final void decisionWithoutAReasonOrAReview_isRefused() {
        queue.add(found("k"), "ada");
        queue.claim("k", "ada", LEASE);
        assertThatThrownBy(() -> queue.decide("k", Side.LEGACY, "ada", " "))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("note of a review must not be blank");
        assertThatThrownBy(() -> queue.decide("k", Side.LEGACY, "ada", "x".repeat(2_001)))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("at most 2000 characters, but had 2001");
        assertThatThrownBy(() -> queue.decide("unknown", Side.LEGACY, "ada", "why"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("no review");
        assertThatThrownBy(() -> queue.claim("k", "ada", Duration.ZERO))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("lease must be positive, but was PT0S");
        assertThat(queue.find("k").orElseThrow().state()).isEqualTo(State.OPEN);
    }

    @Test
    final void severalNodesAtOnce_openOneReview_andOneOfThemClaimsIt() throws Exception {
        ExecutorService nodes = Executors.newFixedThreadPool(NODES);
        try {
            CyclicBarrier start = new CyclicBarrier(NODES);
            List<Future<Boolean>> claims = new ArrayList<>();
            for (int node = 0; node < NODES; node++) {
                String who = "node " + node;
                claims.add(nodes.submit(() -> {
                    start.await();
                    queue.add(found("k"), who);
                    start.await();
                    return queue.claim("k", who, LEASE).isPresent();
                }));
            }
            int winners = 0;
            for (Future<Boolean> claim : claims) {
                winners += claim.get(60, TimeUnit.SECONDS) ? 1 : 0;
            }
            assertThat(winners).isEqualTo(1);
            assertThat(deeds("k")).containsExactly(Deed.CLAIMED, Deed.OPENED);
        } finally {
            nodes.shutdown();
        }
    }

    private static Pass pass(String id, Instant began, long different, boolean isClean) {
        return pass(Pass.Kind.FULL, id, began, different, isClean);
    }

    private static Pass pass(Pass.Kind kind, String id, Instant began, long different, boolean isClean) {
        return new Pass(
                id,
                kind,
                began,
                Duration.ofNanos(1_234_567_891),
                1_000,
                Map.of(
                        Difference.Kind.DIFFERENT,
                        different,
                        Difference.Kind.MISSING_IN_TARGET,
                        2 * different,
                        Difference.Kind.EXTRA_IN_TARGET,
                        3 * different),
                4,
                5,
                6,
                0,
                isClean);
    }

    @Test
    final void passes_areNewestFirst_withWhatWasRepairedSince() throws Exception {
        assertThat(passes.latest(10)).isEmpty();
        assertThat(passes.firstClean()).isEmpty();
        Pass first = pass("1", BEGIN, 7, false);
        Pass second = pass("2", BEGIN.plusSeconds(60), 0, true);
        Pass third = pass("3", BEGIN.plusSeconds(120), 0, true);
        passes.add(second);
        passes.add(first);
        passes.add(third);
        passes.repaired("1", 30);
        passes.repaired("1", 12);
        passes.repaired("unknown", 12);
        PassHistory elsewhere = onAnotherNode(keeper).passes("orders", "records");
        assertThat(elsewhere.latest(10)).containsExactly(third, second, first.repaired(42));
        assertThat(passes.latest(1)).containsExactly(third);
        assertThat(passes.firstClean()).hasValue(second);
        assertThat(first.differences()).isEqualTo(42);
        assertThat(keeper.passes("orders", "others").latest(10)).isEmpty();
    }

    @Test
    final void passOverWhatHasChanged_isKeptWithTheOthers_andIsNeverTheFirstCleanOne() throws Exception {
        Pass changed = pass(Pass.Kind.CHANGED, "1", BEGIN, 0, false);
        Pass found = pass(Pass.Kind.CHANGED, "2", BEGIN.plusSeconds(60), 7, false);
        Pass full = pass("3", BEGIN.plusSeconds(120), 0, true);
        passes.add(changed);
        passes.add(found);
        assertThat(passes.firstClean()).isEmpty();
        passes.add(full);
        passes.repaired("2", 42);
        PassHistory elsewhere = onAnotherNode(keeper).passes("orders", "records");
        assertThat(elsewhere.latest(10)).containsExactly(full, found.repaired(42), changed);
        assertThat(elsewhere.firstClean()).hasValue(full);
        assertThat(passes.forget(BEGIN.plusSeconds(60))).isEqualTo(1);
        assertThat(passes.latest(10)).containsExactly(full, found.repaired(42));
    }

    @Test
    final void forgottenPasses_leaveTheFirstCleanOne() {
        passes.add(pass("1", BEGIN, 7, false));
        passes.add(pass("2", BEGIN.plusSeconds(60), 0, true));
        passes.add(pass("3", BEGIN.plusSeconds(120), 0, true));
        passes.add(pass("4", BEGIN.plusSeconds(180), 1, false));
        assertThat(passes.forget(BEGIN)).isZero();
        assertThat(passes.forget(BEGIN.plusSeconds(180))).isEqualTo(2);
        assertThat(passes.latest(10)).extracting(Pass::id).containsExactly("4", "2");
        assertThat(passes.firstClean()).map(Pass::id).isEqualTo(Optional.of("2"));
    }
}
