package dev.migrate.items;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.migrate.Setting;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.internal.write.KeyNames;
import dev.migrate.reconcile.Difference;
import dev.migrate.reconcile.Difference.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ItemReconciliationTest {
    private final ItemMove move = ItemMove.ofKeys(10).begun();

    @AfterEach
    void close() {
        move.close();
    }

    private void copyAll() throws Exception {
        move.backfill().build().run();
    }

    @Test
    void equalCollections_areClean() throws Exception {
        copyAll();
        ItemReconciliation reconciliation = move.reconciliation().pageItems(3).build();
        assertThat(reconciliation.clean().closedBecause())
                .hasValueSatisfying(why -> assertThat(why).contains("has not been run"));
        ItemReconciliationReport report = reconciliation.run();
        assertThat(report.isClean()).isTrue();
        assertThat(report.itemsCompared()).isEqualTo(10);
        assertThat(reconciliation.clean().closedBecause()).isEmpty();
    }

    @Test
    void whatIsMissingExtraOrDifferent_isFound_andBroughtOver() throws Exception {
        copyAll();
        move.target.remove("key-1");
        move.target.put("key-2", "text of 3");
        move.target.put("key-3", "short");
        move.target.put("key-X", "extra");
        ItemReconciliation reconciliation = move.reconciliation().pageItems(2).build();
        ItemReconciliationReport report = reconciliation.run();
        assertThat(report.confirmed())
                .extracting(Difference::key, Difference::kind, Difference::fields, Difference::authoritative)
                .containsExactly(
                        tuple("s:key-1", Kind.MISSING_IN_TARGET, List.of(), Side.LEGACY),
                        tuple("s:key-2", Kind.DIFFERENT, List.of("content"), Side.LEGACY),
                        tuple("s:key-3", Kind.DIFFERENT, List.of("size"), Side.LEGACY),
                        tuple("s:key-X", Kind.EXTRA_IN_TARGET, List.of(), Side.LEGACY));
        assertThat(report.itemsCompared()).isEqualTo(11);
        assertThat(reconciliation.clean().closedBecause()).isPresent();
        assertThat(report.toString()).doesNotContain("key-");
        move.router.touched(List.of("key-1", "key-2", "key-3", "key-X"));
        move.settle();
        assertThat(move.target.texts()).isEqualTo(move.legacy.texts());
        assertThat(reconciliation.run().isClean()).isTrue();
    }

    @Test
    void digestsThatBothSay_spareTheReading() throws Exception {
        copyAll();
        move.legacy.saysDigests = true;
        move.target.saysDigests = true;
        MapItems.Fault unread = (call, key) -> {
            if (call.equals("open")) {
                throw new IOException("read although both digests are known");
            }
        };
        move.legacy.fault = unread;
        move.target.fault = unread;
        move.target.put("key-2", "text of 3");
        assertThat(move.reconciliation().build().run().confirmed())
                .extracting(Difference::key)
                .containsExactly("s:key-2");
    }

    @Test
    void anotherLength_sparesTheReading() throws Exception {
        copyAll();
        move.legacy.texts().keySet().forEach(key -> move.target.put(key, "of another length"));
        MapItems.Fault unread = (call, key) -> {
            if (call.equals("open")) {
                throw new IOException("read although the lengths tell");
            }
        };
        move.legacy.fault = unread;
        move.target.fault = unread;
        assertThat(move.reconciliation().build().run().confirmed())
                .hasSameSizeAs(move.legacy.texts().keySet())
                .allMatch(difference -> difference.fields().equals(List.of("size")));
    }

    @Test
    void whatIsOwed_isInFlight_andNoFinding() throws Exception {
        copyAll();
        move.target.fault = (call, key) -> {
            if (call.equals("write")) {
                throw new IOException("refused");
            }
        };
        move.write("key-4", "owed");
        ItemReconciliationReport report =
                move.reconciliation().looks(2, Duration.ofMillis(7)).build().run();
        assertThat(report.inFlight()).containsExactly("key-4");
        assertThat(report.confirmed()).isEmpty();
        assertThat(report.isClean()).isTrue();
        assertThat(move.pauses).containsExactly(Duration.ofMillis(7));
    }

    @Test
    void aCopyThatArrivesMeanwhile_clearsTheSuspicion() throws Exception {
        copyAll();
        move.target.remove("key-4");
        int[] looks = {0};
        move.legacy.fault = (call, key) -> {
            if (call.equals("find") && key.equals("key-4") && ++looks[0] == 2) {
                move.target.put("key-4", "text of 4");
            }
        };
        ItemReconciliationReport report = move.reconciliation().build().run();
        assertThat(report.confirmed()).isEmpty();
        assertThat(report.isClean()).isTrue();
    }

    /** Owed before a look, and arrived when it is over: what was seen in between is no difference. */
    @Test
    void aCopyThatArrivesRightAfterALook_isNoFinding() throws Exception {
        copyAll();
        move.target.put("key-4", "stale");
        owe("key-4");
        ReadableItems arriving = new ReadableItems() {
            private int found;

            @Override
            public String name() {
                return move.target.name();
            }

            @Override
            public Page page(@Nullable String cursor, int limit) throws Exception {
                return move.target.page(cursor, limit);
            }

            @Override
            public Optional<Item> find(String key) throws Exception {
                Optional<Item> item = move.target.find(key);
                if (key.equals("key-4") && ++found == 3) { // once in the pass, twice in the look
                    move.settle();
                }
                return item;
            }

            @Override
            public InputStream open(Item item) throws Exception {
                return move.target.open(item);
            }
        };
        ItemReconciliationReport report =
                move.reconciliation().target(arriving).build().run();
        assertThat(report.confirmed()).isEmpty();
        assertThat(report.inFlight()).isEmpty();
        assertThat(report.isClean()).isTrue();
        assertThat(move.pauses).hasSize(1);
    }

    /** Written right before a look reads it: the copy cannot be there yet. */
    @Test
    void aWriteDuringALook_isNoFinding() throws Exception {
        copyAll();
        move.target.put("key-4", "stale");
        int[] found = {0};
        move.legacy.fault = (call, key) -> {
            if (call.equals("find") && key.equals("key-4") && ++found[0] == 2) { // after the pass
                move.legacy.put("key-4", "later");
                owe("key-4");
            }
        };
        ItemReconciliationReport report =
                move.reconciliation().looks(1, Duration.ZERO).build().run();
        assertThat(report.confirmed()).isEmpty();
        assertThat(report.inFlight()).containsExactly("key-4");
    }

    /** A copy of what is there already takes nothing from it. */
    @Test
    void whatIsEqual_isCleared_thoughItIsOwed() throws Exception {
        copyAll();
        move.target.remove("key-4");
        move.legacy.fault = (call, key) -> {
            if (call.equals("find") && key.equals("key-4")) {
                move.target.put("key-4", "text of 4");
                owe("key-4");
            }
        };
        ItemReconciliationReport report =
                move.reconciliation().looks(1, Duration.ZERO).build().run();
        assertThat(report.inFlight()).isEmpty();
        assertThat(report.confirmed()).isEmpty();
    }

    @Test
    void whatCannotBeReadAtRest_isNotCleared() throws Exception {
        copyAll();
        move.target.fault = (call, key) -> {
            if (call.equals("open") && key.equals("key-4")) {
                move.target.put("key-4", "text of 4");
                throw new ItemChangedException("written while it was read");
            }
        };
        ItemReconciliationReport report =
                move.reconciliation().looks(2, Duration.ZERO).build().run();
        assertThat(report.hot()).containsExactly("key-4");
        assertThat(report.isClean()).isFalse();
    }

    private void owe(String key) {
        new ItemBooks(move.migration, "default", new KeyNames<>(move.migration, null, null)).oweToTarget(List.of(key));
    }

    @Test
    void anItemThatLegacyWritesPastTheRouterAtEachLook_isHot() throws Exception {
        copyAll();
        move.legacy.put("key-4", "x");
        move.legacy.fault = (call, key) -> {
            if (call.equals("find") && key.equals("key-4")) {
                move.legacy.put("key-4", "x");
            }
        };
        ItemReconciliationReport report =
                move.reconciliation().looks(3, Duration.ZERO).build().run();
        assertThat(report.hot()).containsExactly("key-4");
        assertThat(report.confirmed()).isEmpty();
    }

    @Test
    void anItemThatChangesAtEachLook_isHot() throws Exception {
        copyAll();
        move.target.put("key-4", "x");
        move.target.fault = (call, key) -> {
            if (call.equals("find") && key.equals("key-4")) {
                move.target.put("key-4", "x");
            }
        };
        ItemReconciliationReport report =
                move.reconciliation().looks(3, Duration.ZERO).build().run();
        assertThat(report.hot()).containsExactly("key-4");
        assertThat(report.confirmed()).isEmpty();
        assertThat(report.isClean()).isFalse();
    }

    @Test
    void moreDifferencesThanAreKept_areCounted() throws Exception {
        ItemReconciliationReport report =
                move.reconciliation().mostDifferences(4).build().run();
        assertThat(report.confirmed()).hasSize(4);
        assertThat(report.notLookedAtAgain()).isEqualTo(6);
        assertThat(report.isClean()).isFalse();
    }

    @Test
    void afterAStepBack_aCleanRunProvesBothSidesEqual() throws Exception {
        copyAll();
        move.migration.moveTo(Stage.LEGACY_ONLY, "test");
        move.legacy.put("key-4", "written when nothing was owed");
        move.migration.moveTo(Stage.DUAL_WRITE, "test");
        ItemReconciliation reconciliation = move.reconciliation().build();
        assertThat(reconciliation.run().confirmed()).hasSize(1);
        assertThat(move.store.list(Setting.Kind.COVER)).isEmpty();
        move.router.touched(List.of("key-4"));
        move.settle();
        assertThat(reconciliation.run().isClean()).isTrue();
        assertThat(move.store.list(Setting.Kind.COVER)).hasSize(1);
    }

    @Test
    void aFailureToRead_isNoFinding() throws Exception {
        copyAll();
        move.target.fault = (call, key) -> {
            if (call.equals("find")) {
                throw new IOException("no route to host");
            }
        };
        ItemReconciliation reconciliation = move.reconciliation().build();
        assertThatThrownBy(reconciliation::run).hasMessage("no route to host");
        assertThat(reconciliation.clean().closedBecause()).isPresent();
    }
}
