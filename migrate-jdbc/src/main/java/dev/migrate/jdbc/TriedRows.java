package dev.migrate.jdbc;

import dev.migrate.Side;
import dev.migrate.jdbc.schema.TableRules;
import dev.migrate.jdbc.schema.TableRules.Condition;
import dev.migrate.table.BoundMapping;
import dev.migrate.table.Column;
import dev.migrate.table.Correspondence;
import dev.migrate.table.Objection;
import dev.migrate.table.Objection.Rule;
import dev.migrate.table.RowTrial;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Values that only the database understands, and conditions that only it evaluates, tried piece by piece in a temporary table. */
final class TriedRows {
    private final TrialTable table;
    private final List<Condition> conditions;
    private final RowTrial.Findings findings;

    private TriedRows(TrialTable table, List<Condition> conditions, RowTrial.Findings findings) {
        this.table = table;
        this.conditions = new ArrayList<>(conditions);
        this.findings = findings;
    }

    /** The trial of what needs one; null where nothing does. */
    static @Nullable TriedRows of(
            JdbcTable target,
            RowTrial.Plan plan,
            TableRules rules,
            Optional<TableRules> legacy,
            RowTrial.Findings findings) {
        List<Column> written = plan.columns().columns(Side.TARGET);
        Correspondence correspondence = plan.mapping()
                .correspondence(
                        names(plan.legacy().shape().columns()),
                        names(target.shape().columns()));
        Set<Column> columns = new LinkedHashSet<>();
        for (int at = 0; at < written.size(); at++) {
            if (!rules.isJudged(written.get(at)) && !isCarriedAsItIs(target, plan, at)) {
                columns.add(written.get(at));
            }
        }
        List<Condition> conditions = new ArrayList<>();
        for (Condition condition : rules.conditionsBeyond(legacy.orElse(null), correspondence)) {
            List<Column> about =
                    condition.columns().stream().map(target.shape()::column).toList();
            if (written.containsAll(about)) {
                conditions.add(condition);
                columns.addAll(about);
            } else if (about.stream().anyMatch(written::contains)) {
                findings.unseen("check '" + condition.name() + "' is about columns that are not copied, too");
            }
        }
        rules.unknownConditionsBeyond(legacy.orElse(null), correspondence)
                .forEach(name -> findings.unseen("check '" + name + "' is not understood well enough to try it"));
        return columns.isEmpty()
                ? null
                : new TriedRows(new TrialTable(target, 0, List.copyOf(columns)), conditions, findings);
    }

    private static List<String> names(List<Column> columns) {
        return columns.stream().map(Column::name).toList();
    }

    /** The same type of the same product, such as {@code jsonb}, to which everybody gives the same meaning. */
    private static boolean isCarriedAsItIs(JdbcTable target, RowTrial.Plan plan, int place) {
        BoundMapping mapping = plan.columns();
        Column source = mapping.counterpart(Side.TARGET, place);
        String type = mapping.columns(Side.TARGET).get(place).type();
        return source != null
                && plan.legacy() instanceof JdbcTable legacy
                && legacy.dialect().isSameProduct(target.dialect())
                && source.type().equals(type)
                && PostgresPipes.isPortable(type);
    }

    TrialTable table() {
        return table;
    }

    /** Tries what is held, and forgets it. */
    void flush(Connection connection) throws SQLException {
        if (table.held() == 0) {
            return;
        }
        table.flush(connection, (key, why) -> findings.add(JdbcTrial.refusal(table, why), 1, true, List.of(key)));
        Set<Condition> failing = new HashSet<>();
        for (Condition condition : conditions) {
            Savepoint before = connection.setSavepoint();
            try {
                tryIt(connection, condition);
                connection.releaseSavepoint(before);
            } catch (SQLException failure) {
                if (failure.getSQLState() == null || failure.getSQLState().startsWith("08")) {
                    throw failure;
                }
                connection.rollback(before);
                failing.add(condition);
                findings.unseen("check '" + condition.name() + "' could not be tried (SQL state "
                        + failure.getSQLState() + ")");
            }
        }
        conditions.removeAll(failing);
        table.empty(connection);
    }

    private void tryIt(Connection connection, Condition condition) throws SQLException {
        Objection objection =
                new Objection(Rule.CHECK, condition.columns(), "check '" + condition.name() + "' does not hold");
        String sql = "SELECT " + table.keyColumn() + " FROM " + table.sql().table() + " WHERE NOT (" + condition.sql()
                + ") ORDER BY " + table.rowColumn();
        try (Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery(sql)) {
            while (rows.next()) {
                findings.add(objection, 1, true, List.of(rows.getString(1)));
            }
        }
    }
}
