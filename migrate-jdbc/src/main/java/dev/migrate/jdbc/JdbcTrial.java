package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.jdbc.schema.TableRules;
import dev.migrate.jdbc.schema.TableRules.Together;
import dev.migrate.table.Column;
import dev.migrate.table.Fields;
import dev.migrate.table.Objection;
import dev.migrate.table.Objection.Rule;
import dev.migrate.table.RowTrial;
import dev.migrate.table.TableKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at rows before they are copied to a table, on one connection of its database.
 *
 * <p>Values whose types are understood are judged here, which costs the database nothing. What is not understood, and what checks say, is
 * tried in a temporary table that is emptied after each piece ({@link TriedRows}). What must be unique is gathered in a temporary table for
 * each constraint that needs it and grouped at the end ({@link Collisions}). A value that was objected to goes into none of them.
 *
 * <p>Each piece commits, so that no transaction is open while legacy is read: a long one would keep the target from cleaning up.
 */
final class JdbcTrial implements RowTrial {
    private final Plan plan;
    private final Findings findings;
    private final Connection connection;
    private final TableDialect dialect;
    private final List<Column> columns;
    private final List<Collisions> collisions = new ArrayList<>();
    private @Nullable OwnTransaction transaction;
    private @Nullable TableRules rules;
    private @Nullable TriedRows tried;

    private JdbcTrial(Plan plan, Findings findings, Connection connection, TableDialect dialect) {
        this.plan = plan;
        this.dialect = dialect;
        this.findings = findings;
        this.connection = connection;
        this.columns = plan.columns().columns(Side.TARGET);
    }

    static JdbcTrial open(JdbcTable target, Plan plan, Findings findings) throws SQLException {
        Optional<TableRules> legacy =
                plan.legacy() instanceof JdbcTable source ? Optional.of(rulesOf(source)) : Optional.empty();
        JdbcTrial trial = new JdbcTrial(plan, findings, target.bulkConnection(), target.dialect());
        try {
            trial.prepare(target, legacy);
            return trial;
        } catch (SQLException | RuntimeException | Error failure) {
            try {
                trial.close();
            } catch (SQLException another) {
                failure.addSuppressed(another);
            }
            throw failure;
        }
    }

    private static TableRules rulesOf(JdbcTable table) throws SQLException {
        try (Connection connection = table.bulkConnection()) {
            return OwnTransaction.run(connection, reading -> rules(reading, table));
        }
    }

    private static TableRules rules(Connection connection, JdbcTable table) throws SQLException {
        return TableRules.read(
                connection,
                table.found().schema(),
                table.shape().table(),
                table.shape().columns());
    }

    private void prepare(JdbcTable target, Optional<TableRules> legacy) throws SQLException {
        transaction = OwnTransaction.begin(
                connection, Connection.TRANSACTION_READ_COMMITTED, connection.getTransactionIsolation());
        TableRules known = rules(connection, target);
        rules = known;
        known.unseen().forEach(findings::unseen);
        tried = TriedRows.of(target, plan, known, legacy, findings);
        if (tried != null) {
            tried.table().create(connection, known);
        }
        for (Together unique : uniques(known, target)) {
            Collisions.Known both = new Collisions.Known(known, legacy, plan);
            Optional<Collisions> one = Collisions.of(unique, both, target, collisions.size() + 1, findings);
            if (one.isPresent()) {
                collisions.add(one.get());
                one.get().table().create(connection, known);
            }
        }
        connection.commit();
    }

    /** Rows are looked for by the key, whether or not the table has a constraint for it. */
    private static List<Together> uniques(TableRules known, JdbcTable target) {
        List<Together> all = new ArrayList<>(known.uniques());
        List<String> key = target.shape().key().stream().map(Column::name).toList();
        boolean hasKey =
                all.stream().anyMatch(unique -> Set.copyOf(unique.columns()).equals(Set.copyOf(key)));
        if (!hasKey) {
            List<Integer> whole = key.stream().map(column -> 0).toList();
            all.add(0, new Together(String.join(", ", key), key, whole, true, false));
        }
        return all;
    }

    @Override
    public void take(TableKey key, Fields mapped) throws SQLException {
        Set<Column> wrong = new HashSet<>();
        for (int at = 0; at < columns.size(); at++) {
            Column column = columns.get(at);
            Optional<Objection> objection = judge(column, mapped.at(at));
            if (objection.isPresent()) {
                findings.add(objection.get(), 1, true, List.of(key.canonical()));
                wrong.add(column);
            }
        }
        if (tried != null && tried.table().columns().stream().noneMatch(wrong::contains)) {
            tried.table().take(key, mapped);
            if (tried.table().held() >= plan.pieceRows()) {
                tried.flush(connection);
                connection.commit();
            }
        }
        for (Collisions one : collisions) {
            if (one.table().columns().stream().noneMatch(wrong::contains)) {
                one.take(key, mapped);
                if (one.table().held() >= plan.pieceRows()) {
                    flush(one);
                }
            }
        }
    }

    private Optional<Objection> judge(Column column, @Nullable Object value) {
        TableRules known = Objects.requireNonNull(rules);
        if (value == null) {
            return known.judge(column, null);
        }
        try {
            if (dialect.isItsOwn(value, column)) {
                return known.judge(column, value);
            }
            Object converted = Objects.requireNonNull(Cells.convert(value, column.kind()));
            return Carried.lost(column, value, converted).or(() -> known.judge(column, converted));
        } catch (MigrationException | ArithmeticException | IllegalArgumentException refused) {
            return Optional.of(Carried.refused(column, value));
        }
    }

    private void flush(Collisions one) throws SQLException {
        one.table().flush(connection, (key, why) -> findings.add(refusal(one.table(), why), 1, true, List.of(key)));
        connection.commit();
    }

    /** What only the database knew. */
    static Objection refusal(TrialTable table, SQLException why) {
        List<String> columns = table.columns().stream().map(Column::name).toList();
        return new Objection(Rule.TYPE, columns, "the database refuses a value (SQL state " + why.getSQLState() + ")");
    }

    @Override
    public void finish() throws SQLException {
        if (tried != null) {
            tried.flush(connection);
            connection.commit();
        }
        for (Collisions one : collisions) {
            flush(one);
            one.finish(connection, findings, plan.keys());
            connection.commit();
        }
    }

    /** A connection that would keep a temporary table is broken off, so that its pool gives it to nobody. */
    @Override
    public void close() throws SQLException {
        try (connection) {
            if (transaction != null) {
                tidy(transaction);
            }
        }
    }

    private void tidy(OwnTransaction begun) throws SQLException {
        try {
            connection.rollback();
            if (tried != null) {
                tried.table().drop(connection);
            }
            for (Collisions one : collisions) {
                one.table().drop(connection);
            }
            begun.commit();
            begun.restore();
        } catch (SQLException failure) {
            try {
                connection.unwrap(Connection.class).abort(Runnable::run);
            } catch (SQLException broken) {
                failure.addSuppressed(broken);
            }
            throw failure;
        }
    }
}
