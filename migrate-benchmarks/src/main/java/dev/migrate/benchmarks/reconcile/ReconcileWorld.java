package dev.migrate.benchmarks.reconcile;

import dev.migrate.Migration;
import dev.migrate.benchmarks.measure.RowGroup;
import dev.migrate.benchmarks.table.OrderDatabases;
import dev.migrate.jdbc.JdbcTable;
import dev.migrate.reconcile.Reconciliation;
import dev.migrate.store.InMemoryMigrationStore;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;

/** Two tables with twenty differences, and every way of finding that they differ. */
final class ReconcileWorld implements RowGroup.World {
    private static final String SCAN_OF_COLUMNS = "SELECT count(*), sum(hashint8extended(id, 1)),"
            + " sum(hashint8extended(customer, 2)), sum(hashtextextended(status, 3)), sum(hash_numeric_extended(amount, 4)),"
            + " sum(hashint4extended(quantity, 5)), sum(hashtextextended(email, 6)), sum(hashint4extended(paid::int, 7)),"
            + " sum(timestamptz_hash_extended(created, 8)) FROM orders";
    private static final String SCAN_OF_RECORDS =
            "SELECT count(*), sum(hash_record_extended(ROW(" + OrderDatabases.COLUMNS + "), 1)) FROM orders";

    private final OrderDatabases databases;
    private final Planted planted;
    private final Migration migration;
    private final JdbcTable legacy;
    private final JdbcTable target;
    private final ExecutorService both = Executors.newFixedThreadPool(2);
    private int found;

    ReconcileWorld(int rows) throws Exception {
        databases = new OrderDatabases(rows, true);
        planted = Planted.in(databases.target(), rows);
        OrderDatabases.execute(databases.target(), "VACUUM ANALYZE orders");
        migration = Migration.named("orders")
                .store(new InMemoryMigrationStore(InstantSource.system()))
                .build();
        legacy = JdbcTable.of(databases.legacy(), "orders");
        target = JdbcTable.of(databases.target(), "orders");
    }

    @Override
    public void prepare(String benchmark) {
        found = 0;
    }

    @Override
    public void run(String benchmark) throws Exception {
        found = switch (benchmark) {
            case "reconcile" -> reconcile(true);
            case "reconcileReadingRows" -> reconcile(false);
            case "fullScanOfColumns" -> scan(SCAN_OF_COLUMNS);
            case "fullScanOfRecords" -> scan(SCAN_OF_RECORDS);
            case "checksumTree" -> ChecksumTree.differing(databases, both);
            case "mergeOfObjects" ->
                ObjectMerge.differing(databases.legacy(), databases.target(), OrderDatabases.COLUMNS);
            default -> throw new IllegalArgumentException("no such benchmark: " + benchmark);
        };
    }

    @Override
    public void check(String benchmark) {
        if (found != Planted.DIFFERENCES) {
            throw new IllegalStateException(
                    benchmark + " has found " + found + " of " + Planted.DIFFERENCES + " differences");
        }
    }

    private int reconcile(boolean signatures) throws Exception {
        return planted.found(Reconciliation.of(migration)
                .legacy(legacy)
                .target(target)
                .signatures(signatures)
                .build()
                .run());
    }

    /** Where sums differ there is all to be found that such a scan can find. */
    private int scan(String query) throws Exception {
        List<String> sums =
                both(both, List.of(() -> row(databases.legacy(), query), () -> row(databases.target(), query)));
        return sums.get(0).equals(sums.get(1)) ? 0 : Planted.DIFFERENCES;
    }

    private static String row(DataSource database, String query) throws Exception {
        return OrderDatabases.value(database, "SELECT s::text FROM (" + query + ") s");
    }

    /** What two tasks give that run at the same time. */
    static <T> List<T> both(ExecutorService threads, List<Callable<T>> tasks) throws Exception {
        List<Future<T>> running = tasks.stream().map(threads::submit).toList();
        return List.of(running.get(0).get(), running.get(1).get());
    }

    @Override
    public void close() throws Exception {
        both.shutdownNow();
        migration.close();
        databases.close();
    }
}
