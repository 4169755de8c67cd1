package dev.migrate.benchmarks.reconcile;

import dev.migrate.benchmarks.table.OrderDatabases;
import dev.migrate.reconcile.Difference;
import dev.migrate.reconcile.Difference.Kind;
import dev.migrate.reconcile.ReconciliationReport;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** Twenty differences of a table of orders, by their keys: ten rows that differ, five that are missing, five more. */
final class Planted {
    /** How many there are. */
    static final int DIFFERENCES = 20;

    private static final int CHANGED = 15;
    private final Map<String, Kind> kinds = new TreeMap<>();

    private Planted() {}

    /** Changes the target, all over its table of so many rows; the extra rows come before its beginning and behind its end. */
    static Planted in(DataSource target, int rows) throws SQLException {
        Planted planted = new Planted();
        int step = rows / (CHANGED + 1);
        for (int nth = 1; nth <= CHANGED; nth++) {
            long id = (long) nth * step + nth;
            boolean isMissing = nth % 3 == 0;
            String change = nth % 2 == 0 ? "amount = amount + 0.01" : "status = 'lost'";
            OrderDatabases.execute(
                    target, (isMissing ? "DELETE FROM orders" : "UPDATE orders SET " + change) + " WHERE id = " + id);
            planted.kinds.put(key(id), isMissing ? Kind.MISSING_IN_TARGET : Kind.DIFFERENT);
        }
        for (long id : new long[] {-2, -1, rows + 1L, rows + 2L, rows + 3L}) {
            OrderDatabases.execute(
                    target,
                    "INSERT INTO orders VALUES (" + id + ", 1, 'extra', 1, 1, NULL, true, '2024-01-01 00:00:00')");
            planted.kinds.put(key(id), Kind.EXTRA_IN_TARGET);
        }
        return planted;
    }

    private static String key(long id) {
        return "l:" + id;
    }

    /** How many differences were found; refused where it is not these, each for what it is. */
    int found(ReconciliationReport report) {
        Map<String, Kind> found =
                report.confirmed().stream().collect(Collectors.toMap(Difference::key, Difference::kind));
        if (!found.equals(kinds)) {
            throw new IllegalStateException("found " + found + " instead of " + kinds);
        }
        return found.size();
    }
}
