package dev.migrate.test;

import static dev.migrate.Setting.Kind.FLAG;
import static dev.migrate.Setting.Kind.POSITION;
import static dev.migrate.Setting.Kind.ROLLOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.AuditEntry;
import dev.migrate.MigrationException;
import dev.migrate.MigrationStore;
import dev.migrate.Setting;
import dev.migrate.StaleChangeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link MigrationStore} must do; the test of an implementation extends it and says how a store is made.
 *
 * <p>Extend it for a store of your own, besides tests of what is particular to it. Each test asks for a fresh store.
 */
public abstract class MigrationStoreContract extends NodesContract {
    private static final int ROUNDS = 25;
    private static final String UNICODE = "Grüße, 東京 — 🦉 'quoted\" \\ % _ ; -- \t line\nline";

    private MigrationStore store;

    /** Creates the contract. */
    protected MigrationStoreContract() {}

    /**
     * An empty store that dates its audit trail by the given time.
     *
     * <p>Called once for each test, and cleaned up by the extending class.
     */
    protected abstract MigrationStore emptyStore(InstantSource time) throws Exception;

    /**
     * What another node would use: a second store over the data of the first.
     *
     * <p>Must be overridden where {@link MigrationStore#isDurable} is true; the default is the store itself.
     */
    protected MigrationStore onAnotherNode(MigrationStore store) throws Exception {
        return store;
    }

    @Override
    final MigrationStore store() {
        return store;
    }

    @BeforeEach
    final void openStore() throws Exception {
        store = emptyStore(time);
    }

    private Setting change(String name, long expected, String value) {
        return store.change(POSITION, name, expected, value, "ada", "because");
    }

    @Test
    final void find_ofWhatWasNeverSet_isEmpty() {
        assertThat(store.find(POSITION, "orders")).isEmpty();
        assertThat(store.audit(POSITION, "orders", 10)).isEmpty();
        assertThat(store.list(POSITION)).isEmpty();
    }

    @Test
    final void change_fromVersionZero_createsVersionOne() {
        assertThat(change("orders", 0, "a")).isEqualTo(new Setting(POSITION, "orders", 1, "a"));
        assertThat(store.find(POSITION, "orders")).contains(new Setting(POSITION, "orders", 1, "a"));
    }

    @Test
    final void change_raisesTheVersionByOneEachTime_alsoWhereTheValueStays() {
        change("orders", 0, "a");
        assertThat(change("orders", 1, "b").version()).isEqualTo(2);
        assertThat(change("orders", 2, "b").version()).isEqualTo(3);
        assertThat(store.find(POSITION, "orders")).contains(new Setting(POSITION, "orders", 3, "b"));
    }

    @Test
    final void change_basedOnAnotherVersion_isRefusedAndLeavesNothing() {
        for (long version : new long[] {1, 5, -1}) {
            refusedAsStale("orders", version);
        }
        assertThat(store.find(POSITION, "orders")).isEmpty();
        change("orders", 0, "a");
        change("orders", 1, "b");
        for (long version : new long[] {0, 1, 3, Long.MAX_VALUE, -1}) {
            refusedAsStale("orders", version);
        }
        assertThat(store.find(POSITION, "orders")).contains(new Setting(POSITION, "orders", 2, "b"));
        assertThat(store.audit(POSITION, "orders", 10)).hasSize(2);
    }

    private void refusedAsStale(String name, long version) {
        assertThatThrownBy(() -> change(name, version, "stale"))
                .isInstanceOf(StaleChangeException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(Long.toString(version));
    }

    @Test
    final void audit_saysWhoWhyWhenFromAndTo_newestFirst() {
        Instant begin = time.instant();
        store.change(POSITION, "orders", 0, "a", "ada", "created");
        time.advance(Duration.ofMinutes(5));
        store.change(POSITION, "orders", 1, "b", "bob", "schema is live");
        assertThat(store.audit(POSITION, "orders", 10))
                .containsExactly(
                        new AuditEntry(
                                POSITION,
                                "orders",
                                2,
                                begin.plus(Duration.ofMinutes(5)),
                                "bob",
                                "schema is live",
                                "a",
                                "b"),
                        new AuditEntry(POSITION, "orders", 1, begin, "ada", "created", null, "a"));
    }

    @Test
    final void audit_isLimitedToTheNewest_andNotByTheWallClock() {
        for (int version = 0; version < 12; version++) {
            change("orders", version, "v" + version);
            time.setWallClock(time.instant().minus(Duration.ofSeconds(version)));
        }
        assertThat(store.audit(POSITION, "orders", 0)).isEmpty();
        assertThat(store.audit(POSITION, "orders", 5))
                .extracting(AuditEntry::version)
                .containsExactly(12L, 11L, 10L, 9L, 8L);
        assertThat(store.audit(POSITION, "orders", 1_000))
                .extracting(AuditEntry::version)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 12).mapToObj(i -> 13 - i).toList());
    }

    @Test
    final void kinds_areApart() {
        store.change(POSITION, "orders", 0, "p", "ada", "why p");
        store.change(FLAG, "orders", 0, "f", "ada", "why f");
        store.change(FLAG, "orders", 1, "g", "ada", "why g");
        assertThat(store.find(POSITION, "orders")).map(Setting::value).contains("p");
        assertThat(store.find(FLAG, "orders")).map(Setting::value).contains("g");
        assertThat(store.find(ROLLOUT, "orders")).isEmpty();
        assertThat(store.audit(POSITION, "orders", 10)).hasSize(1);
        assertThat(store.audit(FLAG, "orders", 10)).hasSize(2);
    }

    @Test
    final void list_givesTheCurrentSettingsOfTheKind_byName() {
        store.change(FLAG, "b2", 0, "x", "ada", "why");
        store.change(FLAG, "a1", 0, "x", "ada", "why");
        store.change(FLAG, "b1", 0, "x", "ada", "why");
        store.change(FLAG, "a1", 1, "y", "ada", "why");
        store.change(POSITION, "a0", 0, "p", "ada", "why");
        assertThat(store.list(FLAG))
                .containsExactly(
                        new Setting(FLAG, "a1", 2, "y"),
                        new Setting(FLAG, "b1", 1, "x"),
                        new Setting(FLAG, "b2", 1, "x"));
    }

    @Test
    final void names_thatDifferInCaseAccentOrTrailingSpace_areDifferent() {
        List<String> names = List.of("cafe", "Cafe", "café", "cafe ", "cafe\u0301");
        names.forEach(name -> change(name, 0, "of '" + name + "'"));
        for (String name : names) {
            assertThat(store.find(POSITION, name)).contains(new Setting(POSITION, name, 1, "of '" + name + "'"));
            assertThat(store.audit(POSITION, name, 10)).hasSize(1);
        }
        assertThat(store.list(POSITION)).extracting(Setting::name).containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    final void unicodeAndQuotes_comeBackAsTheyWere() {
        store.change(FLAG, UNICODE, 0, "before " + UNICODE, UNICODE, UNICODE);
        store.change(FLAG, UNICODE, 1, UNICODE, UNICODE, UNICODE);
        assertThat(store.find(FLAG, UNICODE)).map(Setting::value).contains(UNICODE);
        AuditEntry newest = store.audit(FLAG, UNICODE, 1).get(0);
        assertThat(newest)
                .isEqualTo(new AuditEntry(
                        FLAG, UNICODE, 2, time.instant(), UNICODE, UNICODE, "before " + UNICODE, UNICODE));
    }

    @Test
    final void textThatADatabaseMayNotHold_isKeptExactlyOrRefused_neverAltered() {
        for (String text : List.of("nul \0 inside", "a lone \uD83E surrogate")) {
            try {
                store.change(FLAG, "flag", 0, text, "ada", text);
            } catch (MigrationException refused) {
                assertThat(store.find(FLAG, "flag")).isEmpty();
                continue;
            }
            assertThat(store.find(FLAG, "flag")).map(Setting::value).contains(text);
            assertThat(store.audit(FLAG, "flag", 1)).extracting(AuditEntry::why).containsExactly(text);
            store = freshStore();
        }
    }

    private MigrationStore freshStore() {
        try {
            return emptyStore(time);
        } catch (Exception failure) {
            throw new AssertionError("emptyStore(..) failed", failure);
        }
    }

    @Test
    final void textAtItsLimit_isKept() {
        String name = "é".repeat(200);
        String value = "€".repeat(60_000);
        String who = "ж".repeat(200);
        String why = "東".repeat(2_000);
        store.change(ROLLOUT, name, 0, value, who, why);
        store.change(ROLLOUT, name, 1, "", who, why);
        store.change(ROLLOUT, name, 2, value, who, why);
        assertThat(store.find(ROLLOUT, name)).contains(new Setting(ROLLOUT, name, 3, value));
        assertThat(store.audit(ROLLOUT, name, 1))
                .containsExactly(new AuditEntry(ROLLOUT, name, 3, time.instant(), who, why, "", value));
    }

    @Test
    final void textBeyondItsLimit_isRefusedWithTheLimit() {
        refused("n".repeat(201), "v", "ada", "why", "name", "200", "201");
        refused("n", "v".repeat(60_001), "ada", "why", "value", "60000", "60001");
        refused("n", "v", "w".repeat(201), "why", "who", "200", "201");
        refused("n", "v", "ada", "y".repeat(2_001), "why", "2000", "2001");
    }

    @Test
    final void changeWithoutNameOperatorOrReason_isRefused() {
        for (String blank : List.of("", " ", "\t\n", "\u2003")) {
            refused(blank, "v", "ada", "why", "name");
            refused("n", "v", blank, "why", "who");
            refused("n", "v", "ada", blank, "why");
        }
    }

    private void refused(String name, String value, String who, String why, String... inMessage) {
        assertThatThrownBy(() -> store.change(POSITION, name, 0, value, who, why))
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll(inMessage);
        assertThat(store.find(POSITION, name)).isEmpty();
        assertThat(store.audit(POSITION, name, 10)).isEmpty();
    }

    @Test
    final void anotherNode_seesTheChange_andIsRefusedOnAnOlderVersion() throws Exception {
        MigrationStore other = onAnotherNode(store);
        assertThat(other.isDurable()).isEqualTo(store.isDurable());
        if (store.isDurable()) {
            assertThat(other).as("override onAnotherNode(..)").isNotSameAs(store);
        }
        change("orders", 0, "a");
        assertThat(other.find(POSITION, "orders")).isEqualTo(Optional.of(new Setting(POSITION, "orders", 1, "a")));
        assertThat(other.change(POSITION, "orders", 1, "b", "bob", "from there").version())
                .isEqualTo(2);
        refusedAsStale("orders", 1);
        assertThat(store.audit(POSITION, "orders", 10))
                .extracting(AuditEntry::who)
                .containsExactly("bob", "ada");
        assertThat(other.list(POSITION)).isEqualTo(store.list(POSITION));
    }

    @Test
    final void eightThreadsOnTwoNodes_haveExactlyOneWinnerForEachVersion() throws Exception {
        try (StoreRace race = new StoreRace(store, onAnotherNode(store), "orders")) {
            for (long version = 0; version < ROUNDS; version++) {
                Setting won = race.winnerOf(version);
                assertThat(won.version()).isEqualTo(version + 1);
                assertThat(store.find(FLAG, "orders")).contains(won);
            }
            assertThat(store.audit(FLAG, "orders", 2 * ROUNDS))
                    .extracting(AuditEntry::to)
                    .containsExactlyElementsOf(race.winnersNewestFirst());
        }
    }

    @Test
    final void aReader_neverSeesAChangeWithoutItsAuditEntry_norTheReverse() throws Exception {
        MigrationStore other = onAnotherNode(store);
        try (StoreRace race = new StoreRace(store, store, "orders")) {
            race.whileChanging(4 * ROUNDS, () -> {
                long before = newestAudited(other);
                long version = other.find(FLAG, "orders").map(Setting::version).orElse(0L);
                long after = newestAudited(other);
                assertThat(version).isBetween(before, after);
            });
        }
        assertThat(newestAudited(other)).isEqualTo(4 * ROUNDS);
    }

    private static long newestAudited(MigrationStore store) {
        return store.audit(FLAG, "orders", 1).stream()
                .mapToLong(AuditEntry::version)
                .findFirst()
                .orElse(0);
    }
}
