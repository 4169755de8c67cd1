package dev.migrate.reconcile;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.internal.option.Bounds;
import dev.migrate.internal.write.Cover;
import dev.migrate.table.KeyRange;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A reconciliation whose rows are compared in ranges of keys: by threads, by nodes, or by the executors of a cluster.
 *
 * <p>One node plans, any number compare, and one reports. A reconciliation cannot be sent to another machine; plans, ranges and results can.
 * Each node builds a reconciliation of its own, of the same migration over the same databases with the same mapping, and compares with that:
 *
 * <pre>{@code
 * RangePlan plan = reconciliation.ranged().plan(200_000);
 * // on any node, in any order, more than once if need be
 * RangeResult result = reconciliationOfThisNode.ranged().compare(range);
 * // once there is one of each range
 * ReconciliationReport report = reconciliation.ranged().report(plan, results);
 * }</pre>
 *
 * <p>With Apache Spark: {@code parallelize(plan.ranges())}, then {@code mapPartitions} with a reconciliation that the executor's JVM builds once,
 * in a static field, and not one that the closure carries. Each comparison takes a connection of both sides, or two with signatures: let no more
 * tasks run at once than the databases have connections to give. A range that is compared twice, as by speculation, does no harm.
 *
 * <p>Thread-safe; everything works on the calling thread, as {@link Reconciliation#run} does.
 */
public final class RangedReconciliation {
    private static final int MOST_ROWS = 100_000_000;
    private final Reconciliation reconciliation;

    RangedReconciliation(Reconciliation reconciliation) {
        this.reconciliation = reconciliation;
    }

    /**
     * Cuts the comparison of all rows into ranges. Waits first, as {@link Reconciliation#run} does, until every write is owed, and then freezes the
     * ends of both tables. Reads legacy's keys once.
     *
     * @param rows about how many rows of legacy a range has: 1 to 100,000,000; a range costs a few statements of its own, so that less than
     *     100,000 are hardly worth it
     * @throws MigrationException where the tables do not correspond; the message says in what
     */
    public RangePlan plan(int rows) throws Exception {
        Bounds.between("rows", rows, MOST_ROWS);
        Instant began = reconciliation.migration.time().instant().truncatedTo(ChronoUnit.MICROS);
        Comparing comparing = reconciliation.comparing();
        OptionalLong proves = cover(comparing)
                .beginProof(comparing.books(Side.LEGACY), comparing.books(Side.TARGET), reconciliation.pause);
        RangedPass pass = new RangedPass(comparing);
        String id = UUID.randomUUID().toString();
        return new RangePlan(
                id,
                pass.subject(),
                began,
                proves.orElseGet(() -> Cover.generation(reconciliation.migration)),
                proves.isPresent(),
                comparing.legacy.count(KeyRange.ALL),
                pass.ranges(id, rows));
    }

    /**
     * Compares the rows of one range. Changes and keeps nothing, and tells of nothing as an event: it may be done again, elsewhere, and at once.
     *
     * @param range of a plan, of this node or another
     * @return no finding yet; {@link #report} makes one of the results of all ranges
     * @throws MigrationException where the range is of other records, or the tables do not correspond
     */
    public RangeResult compare(RowRange range) throws Exception {
        Comparing comparing = reconciliation.comparing();
        FullPass pass = reconciliation.pass(comparing, (compared, cleared) -> {});
        RangedPass ranged = new RangedPass(comparing);
        ranged.compare(range, pass, reconciliation.signatures);
        return ranged.result(range, pass);
    }

    /**
     * Looks again at what was suspected in the ranges of a plan, and reports as {@link Reconciliation#run} does: to the history, the gates, and the
     * proof that a handover may need, this is a pass over all rows.
     *
     * @param results one of each range of the plan, in any order
     * @throws MigrationException where a range is not answered, or twice, where a result is of another plan, or where the migration has left
     *     {@code LEGACY_ONLY} since the plan was made: there is no report of a part
     */
    public ReconciliationReport report(RangePlan plan, Collection<RangeResult> results) throws Exception {
        Comparing comparing = reconciliation.comparing();
        RangedPass ranged = new RangedPass(comparing);
        ranged.requireOwn(plan);
        plan.requireAnswered(results);
        FullPass pass = reconciliation.pass(comparing, (compared, cleared) -> {});
        ranged.join(results, pass);
        ReconciliationReport report = reconciliation.conclude(
                comparing,
                pass,
                plan.began(),
                () -> Duration.between(
                        plan.began(), reconciliation.migration.time().instant()));
        if (report.isClean() && plan.proves()) {
            cover(comparing).proved(plan.generation());
        }
        long differences = report.confirmed().size() + report.notLookedAtAgain();
        double rate = pass.compared() / Math.max(1e-9, report.took().toNanos() / 1e9);
        reconciliation.publish(pass.compared(), pass.cleared(), pass.compared(), differences, rate, true);
        return report;
    }

    private Cover cover(Comparing comparing) {
        return new Cover(reconciliation.migration, comparing.legacy.records());
    }
}
