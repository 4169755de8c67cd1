package dev.migrate.benchmarks.backfill;

import dev.migrate.benchmarks.measure.Claim;
import dev.migrate.benchmarks.measure.Reference;
import dev.migrate.benchmarks.measure.RowGroup;
import java.util.List;

/**
 * A table of eight columns copied from one database of PostgreSQL into an empty one of another.
 *
 * <p>{@code backfill} commits a checkpoint with every chunk and minds rows that are written meanwhile; its chunks are to take a quarter of a second each.
 * {@code backfillOfFixedChunks} has 5,000 rows in each, as is the default. {@code binaryCopy} does neither: the
 * server's own bytes, from one connection into the other, in one transaction. {@code springBatchCursor} and {@code springBatchPaging} are
 * Spring Batch with a repository in the target's database, steps of 5,000 rows and a driver that rewrites batches.
 */
public final class BackfillBenchmark {
    private BackfillBenchmark() {}

    /** What is run and claimed. */
    public static RowGroup group(int rows) {
        return new RowGroup(
                "backfill",
                rows,
                List.of("backfill", "backfillOfFixedChunks", "binaryCopy", "springBatchCursor", "springBatchPaging"),
                List.of(
                        Claim.fasterBy("backfill/binary-copy", "backfill", 0.60, Reference.benchmark("binaryCopy")),
                        Claim.fasterBy(
                                "backfill/spring-batch",
                                "backfill",
                                3,
                                Reference.lowestOf("springBatchCursor", "springBatchPaging"))),
                BackfillWorld::new);
    }
}
