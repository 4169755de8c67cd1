package dev.migrate.jdbc;

import dev.migrate.jdbc.schema.TableRules;
import dev.migrate.jdbc.schema.TableRules.Together;
import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import dev.migrate.table.Fields;
import dev.migrate.table.Objection;
import dev.migrate.table.Objection.Rule;
import dev.migrate.table.RowTrial;
import dev.migrate.table.TableKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Rows that are alike in what must be unique, by the comparison of the database that they are copied to: its own GROUP BY, over columns of
 * its own types and collations.
 */
final class Collisions {
    private final Together unique;
    private final Rule rule;
    private final TrialTable table;
    private final long most;
    private boolean isCutOff;

    private Collisions(Together unique, Rule rule, TrialTable table, long most) {
        this.unique = unique;
        this.rule = rule;
        this.table = table;
        this.most = most;
    }

    /** What is known of both tables, and makes a comparison unnecessary. */
    record Known(TableRules target, Optional<TableRules> legacy, RowTrial.Plan plan) {
        private boolean isUniqueInLegacy(List<String> columns) {
            boolean hasKey = columns.containsAll(
                    plan.legacy().shape().key().stream().map(Column::name).toList());
            return hasKey || legacy.filter(rules -> rules.isUniqueBy(columns)).isPresent();
        }

        /** Whether different rows of legacy stay different: the same columns are unique there, and the target compares them exactly. */
        boolean isSafe(Together unique, List<Column> mapped) {
            List<String> sources = new ArrayList<>();
            List<Column> all = plan.columns().columns(dev.migrate.Side.TARGET);
            for (Column column : mapped) {
                Column source = plan.columns().counterpart(dev.migrate.Side.TARGET, all.indexOf(column));
                if (source == null || !staysApart(source.kind(), column.kind())) {
                    return false;
                }
                sources.add(source.name());
            }
            boolean hasNull = unique.areNullsEqual()
                    && sources.stream()
                            .anyMatch(name ->
                                    legacy.map(rules -> rules.isNullable(name)).orElse(true));
            return !hasNull
                    && unique.prefixes().stream().allMatch(length -> length == 0)
                    && mapped.stream().allMatch(column -> target.comparesExactly(column.name()))
                    && isUniqueInLegacy(sources);
        }
    }

    private static boolean staysApart(Kind from, Kind to) {
        return from == to
                || (from == Kind.INTEGER && Set.of(Kind.DECIMAL, Kind.TEXT).contains(to))
                || (from == Kind.UUID && Set.of(Kind.TEXT, Kind.BYTES).contains(to))
                || (from == Kind.PADDED_TEXT && to == Kind.TEXT);
    }

    /** The comparison for what must be unique; empty where rows cannot be alike, or where it cannot be told, which is told. */
    static Optional<Collisions> of(
            Together unique, Known known, JdbcTable target, int number, RowTrial.Findings findings) {
        List<Column> written = known.plan().columns().columns(dev.migrate.Side.TARGET);
        List<Column> mapped = new ArrayList<>();
        for (String name : unique.columns()) {
            Column column = target.shape().column(name);
            if (written.contains(column)) {
                mapped.add(column);
            } else if (column.isComputed()) {
                findings.unseen("unique key '" + unique.name() + "' has a column that the target computes");
                return Optional.empty();
            } else if (known.target().isApartWhereNotWritten(name)) {
                return Optional.empty();
            }
        }
        if (mapped.isEmpty()) {
            findings.unseen("unique key '" + unique.name() + "' has only columns that are not copied");
            return Optional.empty();
        }
        if (known.isSafe(unique, mapped)) {
            return Optional.empty();
        }
        Rule rule =
                mapped.containsAll(target.shape().key()) && target.shape().key().containsAll(mapped)
                        ? Rule.KEY
                        : Rule.UNIQUE;
        TrialTable table = new TrialTable(target, number, mapped);
        return Optional.of(new Collisions(unique, rule, table, known.plan().comparedRows()));
    }

    TrialTable table() {
        return table;
    }

    void take(TableKey key, Fields row) {
        boolean hasNull = table.columns().stream().anyMatch(column -> row.get(column.name()) == null);
        if (hasNull && !unique.areNullsEqual()) {
            return;
        }
        if (table.taken() == most) {
            isCutOff = true;
        } else {
            table.take(key, row);
        }
    }

    /** Looks for rows that are alike, all of them being there. */
    void finish(Connection connection, RowTrial.Findings findings, int keys) throws SQLException {
        long alike = count(connection);
        if (alike > 0) {
            List<String> columns = table.columns().stream().map(Column::name).toList();
            String what = "rows are alike to the target in what must be unique by '" + unique.name() + "'";
            findings.add(new Objection(rule, columns, what), alike, !isCutOff, keys(connection, keys));
        }
        if (isCutOff) {
            findings.unseen("of rows that must be unique by '" + unique.name() + "', only the first " + most
                    + " were compared, as comparedRows(..) says");
        }
    }

    private long count(Connection connection) throws SQLException {
        try (PreparedStatement select =
                        connection.prepareStatement("SELECT COALESCE(SUM(d.n), 0) FROM (SELECT COUNT(*) AS n" + " FROM "
                                + table.sql().table() + " GROUP BY " + values() + " HAVING COUNT(*) > 1) d");
                ResultSet rows = select.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private List<String> keys(Connection connection, int most) throws SQLException {
        String over = " OVER (PARTITION BY " + values() + ")";
        String sql = "SELECT d." + table.keyColumn() + " FROM (SELECT " + table.keyColumn() + ", " + table.rowColumn()
                + ", COUNT(*)" + over + " AS alike, MIN(" + table.rowColumn() + ")" + over + " AS first_alike FROM "
                + table.sql().table() + ") d WHERE d.alike > 1 ORDER BY d.first_alike, d." + table.rowColumn()
                + " LIMIT ?";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setInt(1, most);
            try (ResultSet rows = select.executeQuery()) {
                List<String> keys = new ArrayList<>();
                while (rows.next()) {
                    keys.add(rows.getString(1));
                }
                return keys;
            }
        }
    }

    private String values() {
        List<String> values = new ArrayList<>();
        for (Column column : table.columns()) {
            int prefix = unique.prefixes().get(unique.columns().indexOf(column.name()));
            String name = table.sql().name(column);
            values.add(prefix == 0 ? name : "LEFT(" + name + ", " + prefix + ")");
        }
        return String.join(", ", values);
    }
}
