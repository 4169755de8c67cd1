package dev.migrate.benchmarks.reconcile;

import dev.migrate.benchmarks.measure.Claim;
import dev.migrate.benchmarks.measure.Reference;
import dev.migrate.benchmarks.measure.RowGroup;
import java.util.List;

/**
 * The tables of {@link ReconcileBenchmark} with the target's in MariaDB, where there is no hash that both servers know: every row is read.
 *
 * <p>{@code streamBoth} is the limit: both tables read at the same time in the order of their keys, each value taken as {@code getObject} gives
 * it, and none compared.
 */
public final class AcrossBenchmark {
    private AcrossBenchmark() {}

    /** What is run and claimed. */
    public static RowGroup group(int rows) {
        return new RowGroup(
                "reconcile-mariadb",
                rows,
                List.of("reconcile", "streamBoth", "mergeOfObjects"),
                List.of(
                        Claim.fasterBy("reconcile-mariadb/stream", "reconcile", 0, Reference.benchmark("streamBoth")),
                        Claim.fasterBy(
                                "reconcile-mariadb/merge", "reconcile", 1, Reference.benchmark("mergeOfObjects"))),
                AcrossWorld::new);
    }
}
