package dev.migrate.benchmarks.reconcile;

import dev.migrate.benchmarks.measure.Claim;
import dev.migrate.benchmarks.measure.Reference;
import dev.migrate.benchmarks.measure.RowGroup;
import java.util.List;

/**
 * Two tables of eight columns in two databases of PostgreSQL, of which the target's has ten rows that differ, lacks five, and has five more.
 *
 * <p>{@code reconcile} finds, names and confirms all twenty; {@code reconcileReadingRows} does so without signatures. The full scans are
 * limits: both tables at the same time, a hash of each column or of each record, added up, which says that something differs but not where.
 * Both miss what {@code reconcile} must not: values exchanged between rows, a sign, numbers that are alike when folded to 32 bits.
 * {@code checksumTree} is our own rendering in SQL of the method of pg_comparator, by md5, and not that program; {@code mergeOfObjects} reads
 * both tables in the order of their keys and compares what {@code getObject} gives.
 */
public final class ReconcileBenchmark {
    private ReconcileBenchmark() {}

    /** What is run and claimed. */
    public static RowGroup group(int rows) {
        return new RowGroup(
                "reconcile",
                rows,
                List.of(
                        "reconcile",
                        "reconcileReadingRows",
                        "fullScanOfColumns",
                        "fullScanOfRecords",
                        "checksumTree",
                        "mergeOfObjects"),
                List.of(
                        Claim.fasterBy(
                                "reconcile/full-scan",
                                "reconcile",
                                0.50,
                                Reference.lowestOf("fullScanOfColumns", "fullScanOfRecords")),
                        Claim.fasterBy(
                                "reconcile/full-scan-of-records",
                                "reconcile",
                                0.50,
                                Reference.benchmark("fullScanOfRecords")),
                        Claim.fasterBy(
                                "reconcile/checksum-tree", "reconcile", 2.5, Reference.benchmark("checksumTree")),
                        Claim.fasterBy("reconcile/merge", "reconcile", 2, Reference.benchmark("mergeOfObjects"))),
                ReconcileWorld::new);
    }
}
