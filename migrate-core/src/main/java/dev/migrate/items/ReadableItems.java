package dev.migrate.items;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A collection of keyed items that can be listed and read: what a backfill asks of the side that it copies from.
 *
 * <p>Thread-safe. Whatever fails is thrown; a failed request is never an empty answer.
 */
public interface ReadableItems {
    /** The collection's name, for reports and events; no key and no secret. */
    String name();

    /**
     * The items after a cursor, in any order that stays the same.
     *
     * <p>Whoever follows the cursors from null to the end is given every item that was there all the while, at least once. A cursor stays
     * good when items come and go, and in another process.
     *
     * @param cursor what {@link Page#next} of the page before said; null for the first page
     * @param limit how many items at most, 1 or more
     */
    Page page(@Nullable String cursor, int limit) throws Exception;

    /** The item of a key; empty where there is none. */
    Optional<Item> find(String key) throws Exception;

    /**
     * Opens the content of an item, from its beginning; the caller closes it. Nothing is held in memory beyond a buffer.
     *
     * @param item as {@link #page}, {@link #find} or a write gave it
     * @throws ItemChangedException where the item is gone, or is not what it was; also from the stream, where that happens while it is read
     */
    InputStream open(Item item) throws Exception;

    /**
     * Some items.
     *
     * @param items not more than were asked for; there may be none, and still a next page
     * @param next the cursor of the page after it, at most 2,000 characters; null where this was the last
     */
    record Page(List<Item> items, @Nullable String next) {
        /** Keeps the items as they are. */
        public Page {
            items = List.copyOf(items);
        }

        @Override
        public String toString() {
            return "Page[" + items.size() + " items" + (next == null ? ", the last" : "") + "]";
        }
    }
}
