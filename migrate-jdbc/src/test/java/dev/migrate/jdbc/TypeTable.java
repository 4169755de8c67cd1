package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Side;
import dev.migrate.backfill.Backfill;
import dev.migrate.preflight.Preflight;
import dev.migrate.reconcile.Difference;
import dev.migrate.reconcile.Difference.Kind;
import dev.migrate.reconcile.Reconciliation;
import dev.migrate.reconcile.ReconciliationReport;
import dev.migrate.reconcile.RepairPolicy;
import dev.migrate.table.Mapping;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A table with a column of each of some types, and for each column a list of values that all differ: what is tortured, and how.
 *
 * <p>What the databases hold is compared as text that they themselves give, by nothing that the library reads with.
 */
public final class TypeTable {
    private static final Map<String, String> CASTS =
            Map.of("postgresql", "CAST(% AS text)", "h2", "CAST(% AS VARCHAR)", "mariadb", "CAST(% AS CHAR)");
    private static final String ALL = "users";
    private static final String CHANGED = "changed";
    private final String product;
    private final List<Typed> columns = new ArrayList<>();

    private record Typed(String name, String type, String text, List<String> values) {}

    /** The types and values that a resource of the directory {@code types} has, a type a line. */
    public TypeTable(String product, String resource) throws IOException {
        this.product = product;
        for (String line : lines(resource)) {
            String[] parts = line.split(" : ", 2);
            String[] type = parts[0].split(" shown as ", 2);
            String name = "c" + columns.size();
            columns.add(new Typed(
                    name,
                    type[0],
                    (type.length == 1 ? Objects.requireNonNull(CASTS.get(product)) : type[1]).replace("%", name),
                    Stream.of(parts[1].split(" ~ ", -1)).map(this::expression).toList()));
        }
    }

    static List<String> lines(String resource) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(TypeTable.class.getResourceAsStream("/types/" + resource + ".txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    private String expression(String value) {
        if (value.equals("NULL")) {
            return value;
        }
        String quoted = value.replace("'", "''");
        return value.startsWith("=")
                ? value.substring(1)
                : "'" + (product.equals("mariadb") ? quoted.replace("\\", "\\\\") : quoted) + "'";
    }

    /** How many rows hold every value. */
    public int rows() {
        return columns.stream().mapToInt(column -> column.values().size()).max().orElse(0);
    }

    private void create(TablePair pair, Side side, String table) throws Exception {
        StringBuilder sql = new StringBuilder("CREATE TABLE " + table + " (id int PRIMARY KEY");
        columns.forEach(
                column -> sql.append(", ").append(column.name()).append(' ').append(column.type()));
        pair.execute(side, sql + ")");
    }

    private void insertAll(TablePair pair, Side side) throws Exception {
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < rows(); row++) {
            List<String> values = new ArrayList<>(List.of(Integer.toString(row)));
            for (Typed column : columns) {
                values.add(column.values().get(row % column.values().size()));
            }
            rows.add("(" + String.join(", ", values) + ")");
        }
        pair.execute(side, "INSERT INTO " + ALL + " VALUES " + String.join(", ", rows));
    }

    private Map<String, List<String>> texts(TablePair pair, Side side) throws Exception {
        Map<String, List<String>> texts = new TreeMap<>();
        for (Typed column : columns) {
            texts.put(
                    column.name() + " " + column.type(),
                    pair.query(
                            side,
                            "SELECT " + column.text() + ", CASE WHEN " + column.name()
                                    + " IS NULL THEN 'NULL' ELSE '' END FROM " + ALL + " ORDER BY id"));
        }
        return texts;
    }

    private Reconciliation.Builder reconciliation(TablePair pair, String table) {
        return Reconciliation.of(pair.migration)
                .legacy(pair.legacy(table))
                .target(pair.target(table))
                .looks(1, Duration.ZERO);
    }

    /** Every value is copied as it is, by each way there is, and two equal tables are reported equal. */
    public void requireCopiedAndEqual(TablePair pair, Mapping... mappings) throws Exception {
        create(pair, Side.LEGACY, ALL);
        create(pair, Side.TARGET, ALL);
        insertAll(pair, Side.LEGACY);
        Map<String, List<String>> expected = texts(pair, Side.LEGACY);
        for (Typed column : columns) {
            Set<String> different = new HashSet<>(expected.get(column.name() + " " + column.type()));
            assertThat(different).as(column.type()).hasSize(column.values().size());
        }
        pair.dualWrite();
        Backfill.of(pair.migration)
                .legacy(pair.legacy(ALL))
                .target(pair.target(ALL))
                .attempts(1)
                .build()
                .run();
        assertThat(texts(pair, Side.TARGET)).as("by a backfill").isEqualTo(expected);
        for (boolean signed : new boolean[] {true, false}) {
            ReconciliationReport report =
                    reconciliation(pair, ALL).signatures(signed).build().run();
            assertThat(report.confirmed()).isEmpty();
            assertThat(report.rowsCompared()).isEqualTo(rows());
        }
        for (Mapping mapping : mappings) {
            pair.execute(Side.TARGET, "DELETE FROM " + ALL);
            pair.execute(Side.TARGET, "DELETE FROM migrate_chunk");
            pair.execute(Side.TARGET, "DELETE FROM migrate_backfill");
            Backfill.of(pair.migration)
                    .legacy(pair.legacy(ALL))
                    .target(pair.target(ALL))
                    .mapping(mapping)
                    .attempts(1)
                    .build()
                    .run();
            assertThat(texts(pair, Side.TARGET)).as("by way of Java").isEqualTo(expected);
        }
        pair.execute(Side.TARGET, "DELETE FROM " + ALL);
        reconciliation(pair, ALL)
                .build()
                .run()
                .plan(RepairPolicy.AUTHORITATIVE_WINS)
                .apply("test");
        assertThat(texts(pair, Side.TARGET)).as("by a repair").isEqualTo(expected);
        assertThat(Preflight.of(pair.migration)
                        .legacy(pair.legacy(ALL))
                        .target(pair.target(ALL))
                        .build()
                        .run()
                        .findings())
                .isEmpty();
    }

    /** Each change of one field to another value of its column is found, named, and nothing else is. */
    public void requireEachChangeFound(TablePair pair, boolean isSigned) throws Exception {
        Map<String, List<String>> expected = new HashMap<>();
        create(pair, Side.LEGACY, CHANGED);
        create(pair, Side.TARGET, CHANGED);
        int id = 0;
        for (Typed column : columns) {
            List<String> legacy = new ArrayList<>();
            List<String> target = new ArrayList<>();
            for (String value : column.values()) {
                for (String other : column.values()) {
                    legacy.add("(" + id + ", " + value + ")");
                    target.add("(" + id + ", " + other + ")");
                    if (!value.equals(other)) {
                        expected.put("l:" + id, List.of(column.name()));
                    }
                    id++;
                }
            }
            String insert = "INSERT INTO " + CHANGED + " (id, " + column.name() + ") VALUES ";
            pair.execute(Side.LEGACY, insert + String.join(", ", legacy));
            pair.execute(Side.TARGET, insert + String.join(", ", target));
        }
        for (boolean signed : isSigned ? new boolean[] {true, false} : new boolean[] {false}) {
            ReconciliationReport report =
                    reconciliation(pair, CHANGED).signatures(signed).build().run();
            Map<String, List<String>> found = new HashMap<>();
            for (Difference difference : report.confirmed()) {
                assertThat(difference.kind()).isEqualTo(Kind.DIFFERENT);
                found.put(
                        difference.key(),
                        difference.fields().stream()
                                .map(field -> field.toLowerCase(Locale.ROOT))
                                .toList());
            }
            assertThat(explained(found)).isEqualTo(explained(expected));
        }
    }

    /** So that a failure shows the values, and not the numbers of rows. */
    private Map<String, List<String>> explained(Map<String, List<String>> fields) {
        Map<String, List<String>> explained = new TreeMap<>();
        int id = 0;
        for (Typed column : columns) {
            for (String value : column.values()) {
                for (String other : column.values()) {
                    List<String> found = fields.get("l:" + id++);
                    if (found != null) {
                        explained.put(column.type() + ": " + value + " became " + other, found);
                    }
                }
            }
        }
        return explained;
    }
}
