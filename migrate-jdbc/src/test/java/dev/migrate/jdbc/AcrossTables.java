package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Side;
import dev.migrate.backfill.Backfill;
import dev.migrate.preflight.Preflight;
import dev.migrate.preflight.PreflightFinding;
import dev.migrate.reconcile.Difference;
import dev.migrate.reconcile.Reconciliation;
import dev.migrate.table.Objection.Rule;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Values that two products can both hold, and values that only one of them can. */
public final class AcrossTables {
    private final List<Shared> columns = new ArrayList<>();

    private record Shared(Map<String, String> types, List<String> values) {}

    /** What the resource {@code types/across.txt} says. */
    public AcrossTables() throws IOException {
        for (String line : TypeTable.lines("across")) {
            String[] parts = line.split(" : ", 2);
            String[] types = parts[0].split(" \\| ");
            columns.add(new Shared(
                    Map.of("postgresql", types[0], "mariadb", types[1], "h2", types[2]),
                    List.of(parts[1].split(" ~ ", -1))));
        }
    }

    private static String literal(String product, String value) {
        boolean isPostgres = product.equals("postgresql");
        if (value.equals("NULL") || value.startsWith("=")) {
            return value.equals("NULL") ? value : value.substring(1);
        }
        if (value.startsWith("x")) {
            return isPostgres ? "'\\x" + value.substring(1) + "'" : "X'" + value.substring(1) + "'";
        }
        if (value.endsWith("Z")) {
            return "'" + value.replace("Z", product.equals("mariadb") ? "" : "+00") + "'";
        }
        boolean isJson = value.startsWith("json");
        String text = (isJson ? value.substring(4) : value).replace("'", "''");
        return (isJson && product.equals("h2") ? "JSON '" : "'")
                + (product.equals("mariadb") ? text.replace("\\", "\\\\") : text) + "'";
    }

    /** Equal values are copied and reported equal, and each change of a field of the target is found and named. */
    public void require(TestServer from, TestServer to) throws Exception {
        try (TablePair pair = new TablePair(from, to)) {
            Map<String, String> changed = new HashMap<>();
            List<String> updates = new ArrayList<>();
            create(pair, Side.LEGACY, from.product());
            create(pair, Side.TARGET, to.product());
            int id = 0;
            for (int place = 0; place < columns.size(); place++) {
                List<String> values = columns.get(place).values();
                List<String> rows = new ArrayList<>();
                for (String value : values) {
                    for (String other : values) {
                        rows.add("(" + id + ", " + literal(from.product(), value) + ")");
                        if (!value.equals(other)) {
                            updates.add("UPDATE users SET c" + place + " = " + literal(to.product(), other)
                                    + " WHERE id = " + id);
                            changed.put("l:" + id, "c" + place + " " + value + " became " + other);
                        }
                        id++;
                    }
                }
                pair.execute(Side.LEGACY, "INSERT INTO users (id, c" + place + ") VALUES " + String.join(", ", rows));
            }
            pair.dualWrite();
            assertThat(preflight(pair)).isEmpty();
            backfill(pair).run();
            assertThat(explained(reconciled(pair), changed)).isEmpty();
            pair.database(Side.TARGET).execute(updates.toArray(String[]::new));
            assertThat(explained(reconciled(pair), changed)).isEqualTo(expected(changed));
        }
    }

    private void create(TablePair pair, Side side, String product) throws Exception {
        if (product.equals("postgresql")) {
            pair.execute(side, "CREATE TYPE mood AS ENUM ('happy', 'sad')");
        }
        StringBuilder sql = new StringBuilder("CREATE TABLE users (id int PRIMARY KEY");
        for (int place = 0; place < columns.size(); place++) {
            sql.append(", c")
                    .append(place)
                    .append(' ')
                    .append(columns.get(place).types().get(product));
        }
        pair.execute(side, sql + ")");
    }

    private static Map<String, String> expected(Map<String, String> changed) {
        Map<String, String> expected = new TreeMap<>();
        changed.values().forEach(what -> expected.put(what, what.substring(0, what.indexOf(' '))));
        return expected;
    }

    private static Map<String, String> explained(List<Difference> differences, Map<String, String> changed) {
        Map<String, String> explained = new TreeMap<>();
        for (Difference difference : differences) {
            explained.put(
                    changed.getOrDefault(difference.key(), difference.key()),
                    String.join(" ", difference.fields()).toLowerCase(Locale.ROOT));
        }
        return explained;
    }

    private static List<Difference> reconciled(TablePair pair) throws Exception {
        return Reconciliation.of(pair.migration)
                .legacy(pair.legacy("users"))
                .target(pair.target("users"))
                .looks(1, Duration.ZERO)
                .build()
                .run()
                .confirmed();
    }

    private static Backfill backfill(TablePair pair) {
        return Backfill.of(pair.migration)
                .legacy(pair.legacy("users"))
                .target(pair.target("users"))
                .attempts(1)
                .build();
    }

    private static List<PreflightFinding> preflight(TablePair pair) throws Exception {
        return Preflight.of(pair.migration)
                .legacy(pair.legacy("users"))
                .target(pair.target("users"))
                .build()
                .run()
                .findings();
    }

    /**
     * A value that only legacy's product can hold.
     *
     * @param legacy the type there
     * @param value as an expression
     * @param target the type of the target
     */
    public record Unheld(String legacy, String value, String target, Rule rule) {}

    /** A preflight names each of the values, and nothing else. */
    public static void requireFound(TestServer from, TestServer to, List<Unheld> values) throws Exception {
        try (TablePair pair = new TablePair(from, to)) {
            StringBuilder legacy = new StringBuilder("CREATE TABLE users (id int PRIMARY KEY");
            StringBuilder target = new StringBuilder(legacy);
            for (int place = 0; place < values.size(); place++) {
                legacy.append(", c")
                        .append(place)
                        .append(' ')
                        .append(values.get(place).legacy());
                target.append(", c")
                        .append(place)
                        .append(' ')
                        .append(values.get(place).target());
            }
            pair.execute(Side.LEGACY, legacy + ")");
            pair.execute(Side.TARGET, target + ")");
            List<String> expected = new ArrayList<>();
            for (int place = 0; place < values.size(); place++) {
                pair.execute(
                        Side.LEGACY,
                        "INSERT INTO users (id, c" + place + ") VALUES (" + place + ", "
                                + values.get(place).value() + ")");
                expected.add("c" + place + " " + values.get(place).rule() + " [l:" + place + "]");
            }
            assertThat(preflight(pair))
                    .extracting(found ->
                            found.columns().get(0).toLowerCase(Locale.ROOT) + " " + found.rule() + " " + found.keys())
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }
}
