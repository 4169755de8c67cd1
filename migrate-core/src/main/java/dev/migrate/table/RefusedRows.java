package dev.migrate.table;

import java.util.List;

/**
 * The rows that were left out of the chunks of one backfill, because the mapping or the target refuses them, in the target's database.
 *
 * <p>A row comes to be here in the transaction that marks its chunk as copied, and stays until it is known to be settled: so whoever finds none
 * here, and every chunk done, knows that nothing was lost. Thread-safe.
 */
public interface RefusedRows {
    /**
     * A row that was left out. Holds no value but the key.
     *
     * @param key the canonical key
     * @param cursor the key in the form of {@link TableSide#formatCursor} of legacy's table
     * @param reason which rule of the target, or which column of the mapping, refuses it; at most 1,000 characters
     * @param isCopied whether it was copied since, so that all that is left is to forget it
     * @param review the version of the review that was opened for it; 0 where none was yet
     */
    record Refused(String key, String cursor, String reason, boolean isCopied, long review) {
        @Override
        public String toString() {
            return "Refused[by " + reason + ", isCopied=" + isCopied + "]";
        }
    }

    /** How many rows there are that were not copied since. */
    long count();

    /** The rows that were not copied since, in the order of their keys' texts, at most {@code limit}. */
    List<Refused> list(int limit);

    /** All rows of a chunk, those that were copied since included. */
    List<Refused> of(Chunks.Chunk chunk);

    /** Notes that a review was opened for a row; nothing happens where it is not here. */
    void reviewed(String key, long version);

    /** Forgets a row that is settled; nothing happens where it is not here. */
    void forget(String key);

    /**
     * Has the chunks be copied once more that rows were left out of: what the target has of them is left alone, as ever.
     *
     * @return how many chunks
     */
    int reopen();
}
