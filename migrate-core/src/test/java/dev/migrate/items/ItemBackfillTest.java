package dev.migrate.items;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Setting;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.StepRefusedException;
import dev.migrate.backfill.BackfillInterruptedException;
import dev.migrate.internal.CanonicalKeys;
import dev.migrate.items.ItemBackfill.Point;
import dev.migrate.side.Owed;
import dev.migrate.store.InMemoryMigrationStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ItemBackfillTest {
    private final ItemMove move = ItemMove.ofKeys(10).begun();

    @AfterEach
    void close() {
        move.close();
    }

    /** What a process does that is cut off. */
    private static final class CutOff extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static ItemBackfillReport run(ItemBackfill.Builder backfill) throws Exception {
        return backfill.build().run();
    }

    @Test
    void allItems_areCopied_andSaidSo() throws Exception {
        ItemBackfill backfill = move.backfill().build();
        assertThat(backfill.done().closedBecause())
                .hasValueSatisfying(why -> assertThat(why)
                        .isEqualTo("ItemBackfill[documents/default: files to bucket] is not done: it was not begun"));
        ItemBackfillReport report = backfill.run();
        assertThat(move.target.texts()).hasSize(10).isEqualTo(move.legacy.texts());
        assertThat(report.itemsRead()).isEqualTo(10);
        assertThat(report.itemsCopied()).isEqualTo(10);
        assertThat(report.bytesCopied()).isEqualTo(90);
        assertThat(report.itemsPresent() + report.itemsParked() + report.keysOwedAgain())
                .isZero();
        assertThat(backfill.done().closedBecause()).isEmpty();
        assertThat(move.store.audit(Setting.Kind.ITEMS, "documents/default", 10))
                .extracting(entry -> entry.why())
                .containsExactly(
                        "10 items are done, 0 are next",
                        "9 items are done, 1 are next",
                        "6 items are done, 3 are next",
                        "3 items are done, 3 are next",
                        "0 items are done, 3 are next");
    }

    @Test
    void noItems_areABackfillToo() throws Exception {
        move.legacy.texts().keySet().forEach(move.legacy::remove);
        ItemBackfill backfill = move.backfill().build();
        assertThat(backfill.run().itemsRead()).isZero();
        assertThat(backfill.done().closedBecause()).isEmpty();
    }

    /** Cuts a backfill off at the n-th point, writes and deletes there, and lets another run finish. */
    private boolean isCutOffAt(int nth, Consumer<ItemMove> meanwhile) throws Exception {
        try (ItemMove cut = ItemMove.ofKeys(8).begun()) {
            int[] passed = {0};
            boolean[] isCut = {false};
            ItemBackfill backfill = cut.backfill()
                    .probe(point -> {
                        if (++passed[0] == nth) {
                            meanwhile.accept(cut);
                            isCut[0] = true;
                            throw new CutOff();
                        }
                    })
                    .build();
            try {
                backfill.run();
            } catch (CutOff cutOff) {
                run(cut.backfill());
            }
            cut.settle();
            assertThat(cut.target.texts()).as("cut off at point %s", nth).isEqualTo(cut.legacy.texts());
            assertThat(cut.router.debt().isSettled()).isTrue();
            return isCut[0];
        }
    }

    @Test
    void aBackfillThatIsCutOffAnywhere_isFinishedByTheNext() throws Exception {
        int points = 0;
        while (isCutOffAt(points + 1, cut -> {
            cut.write("key-1", "written anew");
            cut.router.delete("key-2");
            cut.router.delete("key-7");
            cut.settle();
            cut.write("key-4", "and owed still");
        })) {
            points++;
        }
        assertThat(points)
                .as("8 items, 3 batches of three points each, and the end")
                .isEqualTo(8 + 3 * 3 + 1);
    }

    /** Between the read of an item and its arrival, a router deletes it on both sides; the process dies right after. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anItemDeletedWhileItIsCopied_isGoneInTheEnd(boolean dies) throws Exception {
        move.target.fault = (call, key) -> {
            if (call.equals("place") && key.equals("key-4")) {
                move.target.fault = (unused, none) -> {};
                move.router.delete("key-4");
                move.settle();
                assertThat(move.target.texts()).doesNotContainKey("key-4");
            }
        };
        boolean[] isDead = {false};
        Consumer<Point> death = point -> {
            if (dies
                    && point == Point.LOOKED_INTO_JOURNAL
                    && move.target.texts().containsKey("key-4")
                    && !isDead[0]) {
                isDead[0] = true;
                throw new CutOff();
            }
        };
        try {
            run(move.backfill().probe(death));
        } catch (CutOff cutOff) {
            assertThat(move.target.texts()).as("written after its delete").containsKey("key-4");
            assertThat(run(move.backfill()).keysOwedAgain()).isPositive();
        }
        assertThat(isDead[0]).isEqualTo(dies);
        move.settle();
        assertThat(move.target.texts()).hasSize(9).isEqualTo(move.legacy.texts());
    }

    @Test
    void anItemWrittenWhileItIsCopied_isOwedAgain() throws Exception {
        move.target.fault = (call, key) -> {
            if (call.equals("place") && key.equals("key-4")) {
                move.target.fault = (unused, none) -> {};
                move.write("key-4", "later");
            }
        };
        ItemBackfillReport report = run(move.backfill());
        assertThat(report.keysOwedAgain()).isEqualTo(1);
        move.settle();
        assertThat(move.target.texts()).containsEntry("key-4", "later");
    }

    @Test
    void whatARouterBroughtBefore_isLeftAlone() throws Exception {
        move.write("key-4", "newer");
        move.settle();
        move.target.fault = (call, key) -> {
            if (key.equals("key-4")) {
                throw new AssertionError(call + " of what a router brought");
            }
        };
        ItemBackfillReport report = run(move.backfill());
        assertThat(report.itemsPresent()).isEqualTo(1);
        assertThat(report.itemsCopied()).isEqualTo(9);
        assertThat(report.keysOwedAgain()).isZero();
    }

    @Test
    void anItemThatFailsAtFirst_isTriedAgain_afterLongerAndLongerPauses() throws Exception {
        int[] failures = {4};
        move.target.fault = (call, key) -> {
            if (call.equals("place") && key.equals("key-4") && failures[0]-- > 0) {
                throw new IOException("reset");
            }
        };
        ItemBackfillReport report = run(move.backfill());
        assertThat(report.itemsCopied()).isEqualTo(10);
        assertThat(report.itemsParked()).isZero();
        assertThat(move.pauses).hasSize(4).isSorted();
        assertThat(move.pauses.get(0)).isBetween(Duration.ofMillis(200), Duration.ofMillis(400));
        assertThat(move.pauses.get(3)).isBetween(Duration.ofMillis(1_600), Duration.ofMillis(3_200));
    }

    @Test
    void anItemThatFailsAlways_isParked_andTheOthersGoOn() throws Exception {
        move.target.damage = bytes -> bytes.length == 9 && bytes[8] == '4' ? new byte[9] : bytes;
        ItemBackfillReport report = run(move.backfill().attempts(2));
        assertThat(report.itemsCopied()).isEqualTo(9);
        assertThat(report.itemsParked()).isEqualTo(1);
        assertThat(move.target.texts()).hasSize(9).doesNotContainKey("key-4");
        Owed parked = move.router.parked(10).get(0);
        assertThat(parked.key()).isEqualTo("s:key-4");
        assertThat(parked.lastError())
                .startsWith(
                        "dev.migrate.items.ItemDamagedException: collection 'bucket' has stored an item of 9 bytes");
        move.migration.moveTo(Stage.SHADOW, "test");
        assertThatThrownBy(() -> move.migration.moveTo(Stage.LIVE, "test")).isInstanceOf(StepRefusedException.class);
        move.target.damage = bytes -> bytes;
        assertThat(move.router.retry("key-4")).isTrue();
        move.settle();
        assertThat(move.target.texts()).isEqualTo(move.legacy.texts());
    }

    /** Messages of this library say nothing of keys or content; those of others may. */
    @Test
    void ofAFailure_onlyTheTypeIsKept_unlessTheMessageIsOurs() throws Exception {
        move.legacy.fault = (call, key) -> {
            if (call.equals("open") && key.equals("key-4")) {
                throw new ItemChangedException("it changes all the time");
            }
            if (call.equals("open") && key.equals("key-5")) {
                throw new IOException("secret");
            }
        };
        assertThat(run(move.backfill().attempts(1)).itemsParked()).isEqualTo(2);
        assertThat(move.router.parked(10))
                .extracting(Owed::lastError)
                .containsExactlyInAnyOrder(
                        "dev.migrate.items.ItemChangedException: it changes all the time", "java.io.IOException");
    }

    @Test
    void anotherContentInTheTarget_isNotOverwritten_butParked() throws Exception {
        move.target.put("key-4", "of another");
        move.target.put("key-5", "text of 5");
        ItemBackfillReport report = run(move.backfill().attempts(2));
        assertThat(report.itemsParked()).isEqualTo(1);
        assertThat(report.itemsPresent()).isEqualTo(1);
        assertThat(move.target.texts()).containsEntry("key-4", "of another");
        assertThat(move.router.parked(10).get(0).lastError()).contains("the target already has another content");
    }

    @Test
    void anOutage_parksNothing_andEndsTheRun() throws Exception {
        int[] calls = {0};
        move.target.fault = (call, key) -> {
            if (calls[0]++ > 6) {
                throw new IOException("no route to host");
            }
        };
        ItemBackfill backfill = move.backfill().build();
        assertThatThrownBy(backfill::run).isInstanceOf(IOException.class).hasMessage("no route to host");
        assertThat(move.parked()).isEmpty();
        move.target.fault = (call, key) -> {};
        backfill.run();
        assertThat(move.target.texts()).isEqualTo(move.legacy.texts());
    }

    @Test
    void whereMoreFailThanSaid_theRunGivesUp() throws Exception {
        move.target.fault = (call, key) -> {
            if (call.equals("write")) {
                throw new IOException("read-only");
            }
        };
        ItemBackfill backfill = move.backfill().attempts(1).mostParked(2).build();
        assertThatThrownBy(backfill::run)
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("has parked 2 items in this run")
                .hasRootCauseMessage("read-only");
        assertThat(move.parked()).hasSize(2);
        move.target.fault = (call, key) -> {};
        backfill.run();
        move.router.retryParked(10);
        move.settle();
        assertThat(move.target.texts()).isEqualTo(move.legacy.texts());
    }

    @Test
    void ofTwoRuns_theOneThatIsBehindStops() throws Exception {
        boolean[] isOvertaken = {false};
        ItemBackfill slow = move.backfill()
                .probe(point -> {
                    if (point == Point.OWED && !isOvertaken[0]) {
                        isOvertaken[0] = true;
                        try {
                            run(move.backfill());
                        } catch (Exception failure) {
                            throw new AssertionError(failure);
                        }
                    }
                })
                .build();
        assertThatThrownBy(slow::run)
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("is being run by somebody else too");
        assertThat(slow.run().itemsRead()).isEqualTo(10);
    }

    @Test
    void whereMuchIsOwed_itWaitsBeforeABatch_butNotForEver() throws Exception {
        move.target.fault = (call, key) -> {
            if (call.equals("write") && !key.startsWith("key-")) {
                throw new IOException("refused");
            }
        };
        for (int at = 0; at < 4; at++) {
            move.write("owed-" + at, "text");
        }
        ItemBackfillReport report = run(move.backfill().attempts(1));
        assertThat(report.itemsCopied()).isEqualTo(10);
        assertThat(move.pauses).contains(Duration.ofSeconds(1)).hasSize(6 * 30);
    }

    @Test
    void anInterruptedRun_saysSo_andGoesOnLater() throws Exception {
        ItemBackfill backfill = move.backfill()
                .probe(point -> {
                    if (point == Point.OWED) {
                        Thread.currentThread().interrupt();
                    }
                })
                .build();
        assertThatThrownBy(backfill::run).isInstanceOf(BackfillInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(run(move.backfill()).itemsRead()).isEqualTo(10);
        assertThat(move.target.texts()).isEqualTo(move.legacy.texts());
    }

    /** Interrupted calls fail; the item is not to blame. */
    @Test
    void anItemThatFailsBecauseTheThreadIsInterrupted_isNotParked() throws Exception {
        move.target.fault = (call, key) -> {
            if (call.equals("place") && key.equals("key-4")) {
                move.target.fault = (unused, none) -> {};
                Thread.currentThread().interrupt();
                throw new IOException("closed by interrupt");
            }
        };
        ItemBackfill backfill = move.backfill().attempts(1).build();
        assertThatThrownBy(backfill::run)
                .isInstanceOf(BackfillInterruptedException.class)
                .satisfies(ended -> assertThat(ended.getSuppressed())
                        .singleElement()
                        .extracting(Throwable::getMessage)
                        .isEqualTo("closed by interrupt"));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(move.parked()).isEmpty();
        assertThat(move.pauses).isEmpty();
        assertThat(backfill.run().itemsParked()).isZero();
        assertThat(move.target.texts()).isEqualTo(move.legacy.texts());
    }

    @Test
    void anItemThatVanishes_isNoFailure() throws Exception {
        move.legacy.fault = (call, key) -> {
            if (call.equals("open") && key.equals("key-4")) {
                move.legacy.remove("key-4");
            }
        };
        ItemBackfillReport report = run(move.backfill());
        assertThat(report.itemsPresent()).isEqualTo(1);
        assertThat(move.pauses).hasSize(1);
    }

    @Test
    void authorityIsHeld_untilAllIsThere() throws Exception {
        ItemBackfill backfill = move.backfill().build();
        move.migration.moveTo(Stage.SHADOW, "test");
        assertThatThrownBy(() -> move.migration.moveTo(Stage.LIVE, "test"))
                .isInstanceOf(StepRefusedException.class)
                .hasMessageContaining("is not done: it was not begun; run it first");
        backfill.run();
        move.migration.moveTo(Stage.LIVE, "test");
        assertThatThrownBy(backfill::run).hasMessageContaining("the target is already authoritative");
    }

    @Test
    void aWayBack_isBarredByNoBackfill() throws Exception {
        move.migration.moveTo(Stage.SHADOW, "test");
        move.migration.moveTo(Stage.LIVE, "test");
        ItemBackfill late = move.backfill().build();
        move.migration.moveTo(Stage.SHADOW, "INC-7");
        assertThat(late.done().closedBecause()).isPresent();
        assertThatThrownBy(() -> move.migration.moveTo(Stage.LIVE, "test")).isInstanceOf(StepRefusedException.class);
    }

    @Test
    void aNewGeneration_beginsAnew() throws Exception {
        run(move.backfill());
        move.migration.moveTo(Stage.LEGACY_ONLY, "test");
        assertThatThrownBy(() -> run(move.backfill())).hasMessageContaining("step to DUAL_WRITE first");
        move.legacy.put("key-99", "written when nothing was owed");
        move.migration.moveTo(Stage.DUAL_WRITE, "test");
        ItemBackfill again = move.backfill().build();
        assertThat(again.done().closedBecause()).isPresent();
        assertThat(again.run().itemsCopied()).isEqualTo(1);
    }

    @Test
    void withoutARouter_orAStoreThatKeepsBooks_itIsRefused() {
        assertThatThrownBy(() -> run(move.backfill().records("others")))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("no router has ever written records 'others'");
        try (Migration bare =
                Migration.named("bare").store(new InMemoryMigrationStore()).build()) {
            bare.moveTo(Stage.DUAL_WRITE, "test");
            assertThatThrownBy(
                            () -> run(ItemBackfill.of(bare).legacy(move.legacy).target(move.target)))
                    .hasMessageContaining("keeps no books");
        }
    }

    @Test
    void optionsThatCannotBe_areRefused() {
        ItemBackfill.Builder backfill = move.backfill();
        assertThatThrownBy(() -> backfill.batchItems(51))
                .hasMessage("batchItems must be between 1 and 50, but was 51; give a smaller number");
        assertThatThrownBy(() -> backfill.attempts(0))
                .hasMessage("attempts must be between 1 and 100, but was 0; give a larger number");
        assertThatThrownBy(() -> backfill.mostParked(0))
                .hasMessage("mostParked must be between 1 and 100000, but was 0; give a larger number");
        assertThatThrownBy(() ->
                        ItemBackfill.of(move.migration).legacy(move.legacy).build())
                .hasMessageContaining("target of the backfill of items in migration 'documents' is missing");
    }

    @Test
    void progress_isReadAsItWasWritten() {
        ItemProgress progress = new ItemProgress(
                7,
                ItemProgress.State.LAST,
                "a cursor, with 7:commas",
                List.of("a/b", "c,d:5", "\u20ac \uD83D\uDE00"),
                new ItemProgress.Counts(1, 2, 3_000_000_000L, 4, 5, 6));
        assertThat(ItemProgress.parse(progress.format())).isEqualTo(progress);
        ItemProgress begin = ItemProgress.begin(3);
        assertThat(ItemProgress.parse(begin.format())).isEqualTo(begin);
        assertThatThrownBy(() -> ItemProgress.parse("c:1,9:s:items-2"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("not of the form 'items-1'");
        for (List<?> other : List.of(
                List.of("items-2", 3L, "DONE", List.of(), List.of(), List.of(0L, 0L, 0L, 0L, 0L, 0L)),
                List.of("items-1", 3L, "DONE", List.of(), List.of(), List.of(0L, 0L, 0L, 0L, 0L, 0L), "more"))) {
            assertThatThrownBy(() -> ItemProgress.parse(CanonicalKeys.encode(other)))
                    .hasMessageContaining("not of the form 'items-1'");
        }
    }

    @Test
    void longestKeys_fitTheStore() throws Exception {
        Map<String, String> before = move.legacy.texts();
        before.keySet().forEach(move.legacy::remove);
        List<String> keys = new ArrayList<>();
        for (int at = 0; at < 50; at++) {
            String key = "%02d".formatted(at) + "k".repeat(508);
            keys.add(key);
            move.legacy.put(key, "x");
        }
        run(move.backfill().batchItems(50));
        assertThat(move.target.texts()).containsOnlyKeys(keys);
        assertThat(move.books(Side.LEGACY).debt().isNone()).isTrue();
        move.legacy.put("k".repeat(511), "x");
        move.migration.moveTo(Stage.LEGACY_ONLY, "test");
        move.migration.moveTo(Stage.DUAL_WRITE, "test");
        assertThatThrownBy(() -> run(move.backfill())).hasMessageContaining("give keyCodec(..) a shorter form");
    }
}
