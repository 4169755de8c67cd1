package dev.migrate.items;

import java.time.Duration;

/**
 * What a backfill of items did, all its runs together where it was resumed.
 *
 * @param migration the migration's name
 * @param target the name of the collection that was copied to
 * @param itemsRead items that legacy listed
 * @param itemsCopied items written to the target, their digests checked
 * @param bytesCopied the length of these in bytes
 * @param itemsPresent items that the target had already, with legacy's content or because a router brought them; and those that legacy has no more
 * @param itemsParked items that failed at every attempt, or that the target has with another content; they are owed by the journal, where a person
 *     retries or dismisses them ({@code router.parked(..)}), and bar a handover of their segments until then
 * @param keysOwedAgain keys that were written while they were copied, and were handed to the journal
 * @param took how long this run took
 */
public record ItemBackfillReport(
        String migration,
        String target,
        long itemsRead,
        long itemsCopied,
        long bytesCopied,
        long itemsPresent,
        long itemsParked,
        long keysOwedAgain,
        Duration took) {}
