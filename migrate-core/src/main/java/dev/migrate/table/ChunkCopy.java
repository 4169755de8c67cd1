package dev.migrate.table;

import dev.migrate.side.SideBooks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The copying of one chunk.
 *
 * @param migration the migration's name
 * @param generation that of the backfill
 * @param legacy the table to read
 * @param mapping from legacy's columns to the target's
 * @param range the keys, in legacy's order
 * @param ledger the target's books, which say what has been accepted or deleted there
 * @param chunk the chunk, with the token of whoever copies it
 * @param mostRefused how many rows of the whole backfill may be left out and kept as {@link RefusedRows}, because the mapping or the table refuses
 *     them; 0 where a refused row ends the chunk
 * @param beforeCommit runs when all is written and nothing is committed
 */
public record ChunkCopy(
        String migration,
        long generation,
        TableSide legacy,
        BoundMapping mapping,
        KeyRange range,
        SideBooks ledger,
        Chunks.Chunk chunk,
        int mostRefused,
        Runnable beforeCommit) {

    /**
     * What a copy did.
     *
     * @param read rows read from legacy
     * @param written the keys of the rows inserted; null where they went by without being looked at
     */
    public record Result(long read, @Nullable List<TableKey> written) {}
}
