package dev.migrate.items;

import dev.migrate.Records;
import java.util.Optional;

/**
 * A collection of items as one side of a router: reads and writes by key whose content is streamed.
 *
 * <p>A write is verified as a backfill verifies its copies; where it is not exact, nothing is left of it on this side and it fails, and as a copy to the
 * shadow it stays owed. A collection shares no transaction with its books, so that the router gives it the guarantee of plain functions.
 *
 * <pre>{@code
 * DualWriteRouter<String, ItemContent> documents = DualWriteRouter.of(migration)
 *         .legacy(ItemRecords.of(files))
 *         .target(ItemRecords.of(bucket))
 *         .key(ItemContent::key)
 *         .comparing(ItemContent::isSame)
 *         .build();
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class ItemRecords implements Records<String, ItemContent> {
    private final Items items;

    private ItemRecords(Items items) {
        this.items = items;
    }

    /** The items of a collection. */
    public static ItemRecords of(Items items) {
        return new ItemRecords(items);
    }

    @Override
    public Optional<ItemContent> read(String key) throws Exception {
        return items.find(key).map(item -> ItemContent.in(items, item));
    }

    /** Inserts or replaces an item; returns it as the collection has it, so that opening it reads what was stored. */
    @Override
    public ItemContent write(String key, ItemContent content) throws Exception {
        Item written = new ItemCopy(content.source(), items, false)
                .copy(content.item(), Precondition.none())
                .orElseThrow(() -> new ItemChangedException(
                        "collection '" + items.name() + "' refused a write that had no condition"));
        return ItemContent.in(items, written);
    }

    @Override
    public void delete(String key) throws Exception {
        items.delete(key, Precondition.none());
    }

    @Override
    public String toString() {
        return "ItemRecords[" + items.name() + "]";
    }
}
