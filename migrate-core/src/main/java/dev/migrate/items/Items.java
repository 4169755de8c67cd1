package dev.migrate.items;

import java.util.Optional;

/**
 * A collection of keyed items that can also be written: what a backfill asks of the side that it copies to, and a router of both.
 *
 * <p>The published {@code ItemsContract} checks an implementation. Thread-safe.
 */
public interface Items extends ReadableItems {
    /**
     * Writes an item from a stream, so that it is there with its whole content or not at all, whatever fails and whenever. When this returns, it
     * outlives a crash of what it is written to, as far as the collection can promise that.
     *
     * @param content is opened by the implementation, more than once where it needs to, and read to its end; where opening or reading it fails,
     *     nothing may be there of it
     * @param condition under which it is written; checked in one step with the write where the collection can do that, and else right before it,
     *     as the implementation's own documentation says
     * @return the item as the collection has it now; empty where the condition does not hold, and nothing was changed
     */
    Optional<Item> write(String key, Content content, Precondition condition) throws Exception;

    /**
     * Deletes an item.
     *
     * @param condition under which it is deleted; {@link Precondition#absent} makes no sense here and deletes nothing
     * @return false where there was nothing to delete, or the condition did not hold
     */
    boolean delete(String key, Precondition condition) throws Exception;
}
