package dev.migrate.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Side;
import dev.migrate.backfill.PlantedRow.Fate;
import dev.migrate.jdbc.JdbcTable;
import dev.migrate.jdbc.TablePair;
import dev.migrate.reconcile.Difference;
import dev.migrate.reconcile.Reconciliation;
import dev.migrate.reconcile.ReconciliationReport;
import dev.migrate.reconcile.RepairPolicy;
import dev.migrate.reconcile.RepairReport;
import dev.migrate.table.RowRefusedException;
import dev.migrate.table.TableKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table in each of two databases, with a key of some columns: filled, copied, spoilt, compared and repaired again and again. */
final class KeyedTables {
    private final TablePair pair;
    private final String name;
    private final Map<Side, List<KeyPart>> key;
    private final JdbcTable legacy;
    private final JdbcTable target;

    KeyedTables(TablePair pair, String name, List<KeyPart> inLegacy, List<KeyPart> inTarget) throws SQLException {
        this.pair = pair;
        this.name = name;
        this.key = Map.of(Side.LEGACY, inLegacy, Side.TARGET, inTarget);
        for (Side side : Side.values()) {
            String columns = IntStream.range(0, inLegacy.size())
                    .mapToObj(at -> "k" + at + " " + key.get(side).get(at).type() + " NOT NULL")
                    .collect(Collectors.joining(", "));
            pair.execute(
                    side, "CREATE TABLE " + name + " (" + columns + ", v INT, PRIMARY KEY (" + names(side, "") + "))");
        }
        legacy = pair.legacy(name);
        target = pair.target(name);
    }

    private String names(Side side, String after) {
        return IntStream.range(0, key.get(side).size())
                .mapToObj(at -> "k" + at + after)
                .collect(Collectors.joining(after.isEmpty() ? ", " : " AND "));
    }

    /** Copies the rows, spoils what is to be spoilt, and finds and repairs just that. */
    void check(Collection<PlantedRow> rows, int chunkRows, int pageRows, int killedAt) throws Exception {
        clear();
        List<PlantedRow> inLegacy =
                rows.stream().filter(row -> row.fate() != Fate.EXTRA).toList();
        for (PlantedRow row : inLegacy) {
            insert(Side.LEGACY, row);
        }
        assertThat(rows(Side.LEGACY)).as("what %s keeps", this).isEqualTo(valuesOf(inLegacy));
        BackfillReport report = backfill(chunkRows, killedAt);
        assertThat(report.rowsCopied()).as("rows copied, %s", this).isEqualTo(inLegacy.size());
        assertThat(report.chunks()).isEqualTo((inLegacy.size() + chunkRows - 1) / chunkRows);
        assertThat(rows(Side.TARGET)).as("copied, %s", this).isEqualTo(rows(Side.LEGACY));
        requireFoundByTheirTexts(inLegacy);
        BackfillReport again = backfill(chunkRows, -1);
        assertThat(again.rowsCopied()).isEqualTo(report.rowsCopied());
        assertThat(reconcile(pageRows).isClean()).as("clean, %s", this).isTrue();

        Map<String, Difference.Kind> planted = plant(rows);
        ReconciliationReport found = reconcile(pageRows);
        assertThat(differences(found)).as("found, %s", this).isEqualTo(planted);
        assertThat(found.rowsCompared()).as("compared, %s", this).isEqualTo(rows.size());
        RepairReport repaired = found.plan(RepairPolicy.AUTHORITATIVE_WINS).apply("test");
        assertThat(repaired.count(RepairReport.Outcome.REPAIRED))
                .as("%s of %s, %s", repaired, planted, this)
                .isEqualTo(planted.size());
        assertThat(rows(Side.TARGET)).as("repaired, %s", this).isEqualTo(rows(Side.LEGACY));
    }

    /** Copies keys of which the target may take several for one: each row is copied as it is, or refused by its key. */
    void checkFolded(Collection<PlantedRow> rows, int chunkRows, int pageRows) throws Exception {
        clear();
        for (PlantedRow row : rows) {
            insert(Side.LEGACY, row);
        }
        int apart = distinctInTarget(rows);
        if (apart == rows.size()) {
            backfill(chunkRows, -1);
        } else {
            assertThatThrownBy(() -> backfill(chunkRows, -1))
                    .as("%d of %d keys are apart, %s", apart, rows.size(), this)
                    .isInstanceOf(RowRefusedException.class)
                    .hasMessageContaining("refuses the row with key");
        }
        requireNothingWrong();
        Map<String, Difference.Kind> missing = missing();
        ReconciliationReport found = reconcile(pageRows);
        assertThat(differences(found)).as("found, %s", this).isEqualTo(missing);
        RepairReport repaired = found.plan(RepairPolicy.AUTHORITATIVE_WINS).apply("test");
        requireNothingWrong();
        assertThat(rows(Side.TARGET)).as("%s, %s", repaired, this).hasSize(apart);
        assertThat(repaired.count(RepairReport.Outcome.FAILED)).isEqualTo(rows.size() - apart);
    }

    /** As a journal or a ledger knows them. */
    private void requireFoundByTheirTexts(Collection<PlantedRow> rows) throws Exception {
        Set<String> texts = rows.stream().map(PlantedRow::canonical).collect(Collectors.toSet());
        List<TableKey> keys = texts.stream().map(legacy::keyOf).toList();
        assertThat(legacy.find(keys).keySet()).as("by text, %s", this).isEqualTo(texts);
        assertThat(target.find(keys).keySet()).as("by text, %s", this).isEqualTo(texts);
    }

    private void requireNothingWrong() throws SQLException {
        assertThat(rows(Side.LEGACY).entrySet())
                .as("%s", this)
                .containsAll(rows(Side.TARGET).entrySet());
    }

    private Map<String, Difference.Kind> missing() throws SQLException {
        Map<String, Difference.Kind> missing = new TreeMap<>();
        Map<String, Integer> there = rows(Side.TARGET);
        rows(Side.LEGACY).keySet().stream()
                .filter(row -> !there.containsKey(row))
                .forEach(row -> missing.put(row, Difference.Kind.MISSING_IN_TARGET));
        return missing;
    }

    /** Asked of the target itself, which is empty before and after. */
    private int distinctInTarget(Collection<PlantedRow> rows) throws SQLException {
        int taken = 0;
        for (PlantedRow row : rows) {
            try {
                insert(Side.TARGET, row);
                taken++;
            } catch (SQLException refused) {
                assertThat(refused.getSQLState()).startsWith("23");
            }
        }
        pair.execute(Side.TARGET, "DELETE FROM " + name);
        return taken;
    }

    /** Those of the rows that legacy keeps apart. */
    List<PlantedRow> keptApart(Collection<PlantedRow> rows) throws SQLException {
        clear();
        List<PlantedRow> kept = new ArrayList<>();
        for (PlantedRow row : rows) {
            try {
                insert(Side.LEGACY, row);
                kept.add(row);
            } catch (SQLException refused) {
                assertThat(refused.getSQLState()).startsWith("23");
            }
        }
        return kept;
    }

    void clear() throws SQLException {
        for (Side side : Side.values()) {
            pair.execute(side, "DELETE FROM " + name);
            for (String books : List.of("migrate_journal", "migrate_ledger")) {
                pair.execute(side, "DELETE FROM " + books);
            }
        }
        target.chunks("users", 0);
        pair.execute(Side.TARGET, "DELETE FROM migrate_chunk");
        pair.execute(Side.TARGET, "DELETE FROM migrate_backfill");
    }

    void insert(Side side, PlantedRow row) throws SQLException {
        List<KeyPart> parts = key.get(side);
        String marks = String.join(", ", Collections.nCopies(parts.size(), "?"));
        run(side, "INSERT INTO " + name + " VALUES (" + marks + ", " + row.value() + ")", row);
    }

    private void run(Side side, String sql, PlantedRow row) throws SQLException {
        List<KeyPart> parts = key.get(side);
        try (Connection connection = pair.db(side).newConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int at = 0; at < parts.size(); at++) {
                parts.get(at).bind(statement, at + 1, row.key().get(at));
            }
            assertThat(statement.executeUpdate())
                    .as("%s of %s", sql, row.canonical())
                    .isOne();
        }
    }

    private Map<String, Difference.Kind> plant(Collection<PlantedRow> rows) throws SQLException {
        Map<String, Difference.Kind> planted = new TreeMap<>();
        for (PlantedRow row : rows) {
            switch (row.fate()) {
                case STAYS -> {}
                case MISSING -> {
                    run(Side.TARGET, "DELETE FROM " + name + " WHERE " + names(Side.TARGET, " = ?"), row);
                    planted.put(row.canonical(), Difference.Kind.MISSING_IN_TARGET);
                }
                case DIFFERENT -> {
                    run(Side.TARGET, "UPDATE " + name + " SET v = -v - 1 WHERE " + names(Side.TARGET, " = ?"), row);
                    planted.put(row.canonical(), Difference.Kind.DIFFERENT);
                }
                case EXTRA -> {
                    insert(Side.TARGET, row);
                    planted.put(row.canonical(), Difference.Kind.EXTRA_IN_TARGET);
                }
            }
        }
        return planted;
    }

    /** All rows of a side, read by its driver: the canonical key, and the value. */
    Map<String, Integer> rows(Side side) throws SQLException {
        List<KeyPart> parts = key.get(side);
        Map<String, Integer> found = new TreeMap<>();
        try (Connection connection = pair.db(side).newConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT " + names(side, "") + ", v FROM " + name);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                StringBuilder canonical = new StringBuilder(parts.size() == 1 ? "" : "c:" + parts.size());
                for (int at = 0; at < parts.size(); at++) {
                    String part = parts.get(at).read(rows, at + 1);
                    canonical
                            .append(parts.size() == 1 ? "" : "," + part.length() + ":")
                            .append(part);
                }
                assertThat(found.put(canonical.toString(), rows.getInt(parts.size() + 1)))
                        .as("row that is there twice, %s", canonical)
                        .isNull();
            }
        }
        return found;
    }

    private static Map<String, Integer> valuesOf(Collection<PlantedRow> rows) {
        Map<String, Integer> values = new TreeMap<>();
        rows.forEach(row -> values.put(row.canonical(), row.value()));
        return values;
    }

    /** Ends at the chunk of a number and goes on, as after a crash; with no such chunk, in one go. */
    BackfillReport backfill(int chunkRows, int killedAt) throws Exception {
        int[] copied = {0};
        Backfill.Builder backfill = Backfill.of(pair.migration)
                .legacy(legacy)
                .target(target)
                .chunkRows(chunkRows)
                .attempts(1)
                .pause(pair::advance)
                .probe(point -> {
                    if (point == Backfill.Point.COPIED && copied[0]++ == killedAt) {
                        throw new Killed();
                    }
                });
        try {
            return backfill.build().run();
        } catch (Killed killed) {
            pair.advance(Duration.ofMinutes(1));
            return backfill.build().run();
        }
    }

    ReconciliationReport reconcile(int pageRows) throws Exception {
        return Reconciliation.of(pair.migration)
                .legacy(legacy)
                .target(target)
                .pageRows(pageRows)
                .looks(1, Duration.ZERO)
                .build()
                .run();
    }

    static Map<String, Difference.Kind> differences(ReconciliationReport report) {
        Map<String, Difference.Kind> found = new TreeMap<>();
        report.confirmed().forEach(difference -> found.put(difference.key(), difference.kind()));
        return found;
    }

    @Override
    public String toString() {
        return name + " from " + key.get(Side.LEGACY) + " to " + key.get(Side.TARGET) + " of " + pair;
    }
}
