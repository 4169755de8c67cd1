package dev.migrate.items;

import dev.migrate.Migration;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.side.DebtLimits;
import dev.migrate.side.Owed;
import dev.migrate.side.SideBooks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A move of items in memory that stands at DUAL_WRITE, with a router whose worker works only when it is told to. */
final class ItemMove implements AutoCloseable {
    final BookKeepingStore store = new BookKeepingStore();
    final Migration migration = Migration.named("documents")
            .store(store)
            .operator(() -> "ada")
            .stepBudget(Duration.ofSeconds(30))
            .build();
    final MapItems legacy = new MapItems("files");
    final MapItems target = new MapItems("bucket");
    final List<Duration> pauses = new ArrayList<>();
    final DualWriteRouter<String, ItemContent> router = DualWriteRouter.of(migration)
            .legacy(ItemRecords.of(legacy))
            .target(ItemRecords.of(target))
            .key(ItemContent::key)
            .comparing(ItemContent::isSame)
            .repairEvery(Duration.ofHours(1))
            .debtLimits(DebtLimits.builder().slowBackfill(3, Duration.ofDays(1)).build())
            .build();

    static ItemMove ofKeys(int keys) {
        ItemMove move = new ItemMove();
        for (int key = 0; key < keys; key++) {
            move.legacy.put("key-" + key, "text of " + key);
        }
        return move;
    }

    ItemMove begun() {
        migration.moveTo(Stage.DUAL_WRITE, "test");
        return this;
    }

    ItemBackfill.Builder backfill() {
        return ItemBackfill.of(migration)
                .legacy(legacy)
                .target(target)
                .batchItems(3)
                .pause(pauses::add);
    }

    ItemReconciliation.Builder reconciliation() {
        return ItemReconciliation.of(migration).legacy(legacy).target(target).pause(pauses::add);
    }

    SideBooks books(Side side) {
        return store.books("documents", "default", side);
    }

    List<String> parked() {
        return router.parked(100).stream().map(Owed::key).toList();
    }

    static ItemContent content(String key, String text) {
        return ItemContent.of(key, Content.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    void write(String key, String text) {
        router.write(content(key, text));
    }

    /** Works off what is owed until nothing is due. */
    void settle() {
        for (int round = 0; round < 100 && !router.debt().isNone(); round++) {
            router.repair();
        }
    }

    @Override
    public void close() {
        router.close();
        migration.close();
    }
}
