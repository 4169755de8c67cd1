package dev.migrate.items;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.migrate.AuditEntry;
import dev.migrate.Migration;
import dev.migrate.MigrationEvent.BackfillProgress;
import dev.migrate.MigrationException;
import dev.migrate.Setting;
import dev.migrate.Stage;
import dev.migrate.StepRefusedException;
import dev.migrate.backfill.BackfillInterruptedException;
import dev.migrate.backfill.Throttle;
import dev.migrate.backfill.Throttle.Signal;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.internal.write.KeyNames;
import dev.migrate.items.ItemBackfill.Point;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backfill of files that is throttled, paused and cancelled; its pauses turn the clock. */
class ItemBackfillGivesWayTest {
    private static final int FILES = 25;
    private static final int BATCHES = 3;

    @TempDir
    Path above;

    private final List<Duration> pauses = new ArrayList<>();
    private final List<BackfillProgress> progress = new ArrayList<>();
    private final BookKeepingStore store = new BookKeepingStore();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
    private final Migration migration = migration();
    private Runnable atPause = () -> {};
    private DirectoryItems legacy;
    private DirectoryItems target;
    private DualWriteRouter<String, ItemContent> router;

    private Migration migration() {
        return Migration.named("documents")
                .store(store)
                .time(now::get)
                .operator(() -> "ada")
                .listener(event -> {
                    if (event instanceof BackfillProgress one) {
                        progress.add(one);
                    }
                })
                .build();
    }

    @BeforeEach
    void open() throws IOException {
        Path files = Files.createDirectory(above.resolve("files"));
        for (int file = 0; file < FILES; file++) {
            Files.writeString(files.resolve("file-" + file), "text of " + file);
        }
        legacy = DirectoryItems.of(files);
        target = DirectoryItems.of(Files.createDirectory(above.resolve("moved")));
        router = DualWriteRouter.of(migration)
                .legacy(ItemRecords.of(legacy))
                .target(ItemRecords.of(target))
                .key(ItemContent::key)
                .comparing(ItemContent::isSame)
                .repairEvery(Duration.ofHours(1))
                .build();
        migration.moveTo(Stage.DUAL_WRITE, "test");
    }

    @AfterEach
    void close() {
        router.close();
        migration.close();
    }

    private ItemBackfill.Builder backfill() {
        return backfill(migration).pause(length -> {
            pauses.add(length);
            now.updateAndGet(before -> before.plus(length));
            atPause.run();
        });
    }

    private ItemBackfill.Builder backfill(Migration of) {
        return ItemBackfill.of(of).legacy(legacy).target(target).batchItems(10);
    }

    private List<String> reasons() {
        return progress.stream()
                .map(BackfillProgress::heldBy)
                .filter(Objects::nonNull)
                .toList();
    }

    private long copied() {
        try (Stream<Path> files = Files.list(above.resolve("moved"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("file-"))
                    .count();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static ItemBackfill.Builder afterBatch(ItemBackfill.Builder backfill, int batch, Runnable then) {
        AtomicInteger done = new AtomicInteger();
        return backfill.probe(point -> {
            if (point == Point.OWED && done.incrementAndGet() == batch) {
                then.run();
            }
        });
    }

    @Test
    void aThrottle_isWaitedFor_beforeABatch_andToldOnce() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        ItemBackfillReport report = backfill()
                .throttle(Throttle.of("load", () -> asked.incrementAndGet() <= 4 ? 1.0 : 0.99))
                .build()
                .run();
        assertThat(report.itemsCopied()).isEqualTo(FILES);
        assertThat(copied()).isEqualTo(FILES);
        assertThat(pauses).hasSize(4).containsOnly(Duration.ofMillis(50));
        assertThat(asked).hasValue(4 + 1 + BATCHES);
        assertThat(reasons()).containsExactly("load");
        assertThat(progress)
                .as("told that it goes on, before the first batch is known")
                .extracting(BackfillProgress::heldBy, BackfillProgress::rows)
                .startsWith(tuple("load", 0L), tuple(null, 0L), tuple(null, 0L), tuple(null, 10L));
        assertThat(progress.get(progress.size() - 1).isDone()).isTrue();
    }

    @Test
    void itemsPerSecond_areKept() throws Exception {
        Instant begun = now.get();
        backfill().throttle(Throttle.rowsPerSecond(10)).build().run();
        assertThat(Duration.between(begun, now.get())).isBetween(Duration.ofMillis(2_000), Duration.ofMillis(2_100));
        assertThat(reasons()).containsExactly("rows per second", "rows per second");
    }

    @Test
    void aStaleSignal_closes() throws Exception {
        AtomicReference<Signal> last = new AtomicReference<>(
                new Signal(0, "lag", now.get().minusSeconds(2).minusNanos(1)));
        atPause = () -> last.set(new Signal(0, "lag", now.get()));
        backfill()
                .throttle(moment -> last.get())
                .staleAfter(Duration.ofSeconds(2))
                .build()
                .run();
        assertThat(pauses).hasSize(1);
        assertThat(reasons()).containsExactly("the signal of lag is stale");
    }

    @Test
    void aThrottle_hearsWhatLegacyOwes() throws Exception {
        new ItemBooks(migration, "default", new KeyNames<>(migration, null, null))
                .oweToTarget(List.of("gone-1", "gone-2"));
        List<Long> owed = new ArrayList<>();
        backfill()
                .throttle(moment -> {
                    owed.add(moment.debt().keys());
                    return new Signal(0, "owed", moment.now());
                })
                .build()
                .run();
        assertThat(owed).hasSize(1 + BATCHES).containsOnly(2L);
    }

    /** The other node, which has no part in the first one's memory. */
    @Test
    void aPause_isSeenByAnotherNode_untilSomebodyResumes() throws Exception {
        try (Migration elsewhere = migration()) {
            ItemBackfill other = backfill(elsewhere).build();
            ItemBackfill mine = afterBatch(backfill(), 1, () -> other.pause("the night's batch runs"))
                    .build();
            atPause = () -> {
                assertThat(copied()).isEqualTo(10);
                if (pauses.size() == 7) {
                    other.resume("it has ended");
                }
            };
            assertThat(mine.run().itemsCopied()).isEqualTo(FILES);
            assertThat(pauses).hasSize(7).containsOnly(Duration.ofSeconds(1));
            assertThat(reasons()).containsExactly("paused by ada: the night's batch runs");
            assertThat(store.audit(Setting.Kind.BACKFILL, "documents/default", 9))
                    .extracting(AuditEntry::why)
                    .containsExactly("it has ended", "the night's batch runs");
        }
    }

    @Test
    void aCancelledBackfill_endsBeforeItsNextBatch_andKeepsAuthorityWithLegacy_untilItIsResumed() throws Exception {
        ItemBackfill[] own = new ItemBackfill[1];
        own[0] = afterBatch(backfill(), 2, () -> own[0].cancel("not today")).build();
        assertThatThrownBy(own[0]::run)
                .isInstanceOf(BackfillInterruptedException.class)
                .hasMessage(
                        "ItemBackfill[documents/default: %s to %s] was cancelled by ada: not today; what is copied"
                                + " stays: call resume(why) and run(), and it goes on where it stood",
                        legacy.name(), target.name());
        assertThat(copied()).isEqualTo(20);
        assertThat(reasons()).containsExactly("cancelled by ada: not today");
        assertThatThrownBy(() -> backfill().build().run()).isInstanceOf(BackfillInterruptedException.class);
        assertThat(copied()).isEqualTo(20);
        assertThat(own[0].done().closedBecause()).isPresent();
        migration.moveTo(Stage.SHADOW, "test");
        assertThatThrownBy(() -> migration.moveTo(Stage.LIVE, "test"))
                .isInstanceOf(StepRefusedException.class)
                .hasMessageContaining("is not done");
        own[0].resume("now");
        assertThat(own[0].run().itemsRead()).isEqualTo(FILES);
        assertThat(copied()).isEqualTo(FILES);
        assertThat(own[0].done().closedBecause()).isEmpty();
    }

    /** Orders are by records: those of other records go on. */
    @Test
    void anOrder_isForItsRecordsAlone() throws Exception {
        backfill().records("scans").build().cancel("other records");
        assertThat(backfill().build().run().itemsCopied()).isEqualTo(FILES);
    }

    @Test
    void anInterruptionWhileItIsPaused_endsIt() {
        ItemBackfill backfill = backfill().build();
        backfill.pause("for good");
        atPause = () -> Thread.currentThread().interrupt();
        assertThatThrownBy(backfill::run)
                .isInstanceOf(BackfillInterruptedException.class)
                .hasMessageContaining("was interrupted");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(pauses).hasSize(1);
        assertThat(copied()).isZero();
    }

    @Test
    void anOrderThatIsInForceAlready_changesNothing() {
        ItemBackfill backfill = backfill().build();
        backfill.resume("there is nothing to resume");
        backfill.pause("one");
        backfill.pause("two");
        assertThat(store.audit(Setting.Kind.BACKFILL, "documents/default", 9))
                .extracting(AuditEntry::why)
                .containsExactly("one");
    }

    @Test
    void ordersOfLongNames_areKeptApart() {
        String longName = "r".repeat(300);
        backfill().records(longName + "1").build().pause("one");
        backfill().records(longName + "2").build().pause("two");
        List<Setting> orders = store.list(Setting.Kind.BACKFILL);
        assertThat(orders).hasSize(2).allMatch(order -> order.name().length() <= 200);
    }

    @Test
    void whatCannotBe_isRefused() {
        ItemBackfill backfill = backfill().build();
        assertThatThrownBy(() -> backfill.pause(" ")).isInstanceOf(MigrationException.class);
        assertThat(store.find(Setting.Kind.BACKFILL, "documents/default")).isEqualTo(Optional.empty());
        assertThatThrownBy(() -> backfill().staleAfter(Duration.ZERO))
                .isInstanceOf(MigrationException.class)
                .hasMessageStartingWith("staleAfter must be positive, but was PT0S");
    }
}
