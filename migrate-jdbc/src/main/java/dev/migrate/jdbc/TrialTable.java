package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.jdbc.schema.TableRules;
import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import dev.migrate.table.Fields;
import dev.migrate.table.Shape;
import dev.migrate.table.TableKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A temporary table with some columns of another, of their types and collations, and with the key of the row that each of its rows came
 * from, in the order of their coming. Of one session, which must drop it.
 */
final class TrialTable {
    private static final Column ROW = new Column("migrate_row", Kind.INTEGER, "bigint", 0, true, false);
    private static final Column KEY = new Column("migrate_key", Kind.TEXT, "text", -1, true, false);

    /** Is told of a row that the database refuses. */
    @FunctionalInterface
    interface Refused {
        void accept(String key, SQLException why);
    }

    private final JdbcTable target;
    private final List<Column> columns;
    private final List<Column> all;
    private final Fields.Names names;
    private final KeysetSql sql;
    private final List<Fields> held = new ArrayList<>();
    private boolean isCreated;
    private long taken;

    TrialTable(JdbcTable target, int number, List<Column> columns) {
        this.target = target;
        this.columns = List.copyOf(columns);
        this.all = Stream.concat(columns.stream(), Stream.of(ROW, KEY)).toList();
        TableReading.Found found = target.found();
        String name = "migrate_trial_" + number;
        this.sql = new KeysetSql(new TableReading.Found(
                found.dialect(),
                found.version(),
                found.quote(),
                TableReading.quoted(name, found.quote()),
                null,
                new Shape(name, all, List.of(ROW.name()))));
        this.names = new Fields.Names(all.stream().map(Column::name).toList());
    }

    KeysetSql sql() {
        return sql;
    }

    String keyColumn() {
        return sql.name(KEY);
    }

    String rowColumn() {
        return sql.name(ROW);
    }

    List<Column> columns() {
        return columns;
    }

    /** How many rows it was given. */
    long taken() {
        return taken;
    }

    void create(Connection connection, TableRules rules) throws SQLException {
        String made = target.dialect()
                .createTrial(
                        new TrialColumns(sql, target.found().qualified(), columns, rules, rowColumn(), keyColumn()));
        try (Statement create = connection.createStatement()) {
            create.executeUpdate(made);
            isCreated = true;
        } catch (SQLException failure) {
            if (failure.getSQLState() != null && failure.getSQLState().startsWith("42")) {
                throw new MigrationException(
                        "the preflight of table '" + target.name()
                                + "' compares rows in a temporary table of its database,"
                                + " which could not be created (SQL state " + failure.getSQLState()
                                + "); grant the user of the target's data source TEMPORARY on the database (PostgreSQL), or"
                                + " CREATE TEMPORARY TABLES (MariaDB)",
                        failure);
            }
            throw failure;
        }
    }

    /** Holds a row until the next {@link #flush}. */
    void take(TableKey key, Fields row) {
        @Nullable Object[] values = new @Nullable Object[all.size()];
        for (int at = 0; at < columns.size(); at++) {
            values[at] = row.get(columns.get(at).name());
        }
        values[columns.size()] = ++taken;
        values[columns.size() + 1] = key.canonical();
        held.add(new Fields(names, values));
    }

    int held() {
        return held.size();
    }

    /** Inserts what is held; what is refused is taken apart row by row. */
    void flush(Connection connection, Refused refused) throws SQLException {
        if (held.isEmpty()) {
            return;
        }
        Savepoint before = connection.setSavepoint();
        try {
            insert(connection, held);
            connection.releaseSavepoint(before);
        } catch (SQLException failure) {
            if (!isRefusal(failure)) {
                throw failure;
            }
            connection.rollback(before);
            oneByOne(connection, refused);
        }
        held.clear();
    }

    private void oneByOne(Connection connection, Refused refused) throws SQLException {
        for (Fields row : held) {
            Savepoint before = connection.setSavepoint();
            try {
                insert(connection, List.of(row));
                connection.releaseSavepoint(before);
            } catch (SQLException failure) {
                if (!isRefusal(failure)) {
                    throw failure;
                }
                connection.rollback(before);
                refused.accept(String.valueOf(row.get(KEY.name())), failure);
            }
        }
    }

    /** Values are refused by 22 and 23, and by 01 where MariaDB makes an error of what would be a warning. */
    private static boolean isRefusal(SQLException failure) {
        String state = failure.getSQLState();
        return SqlFailure.isRefusal(failure) || (state != null && state.startsWith("01"));
    }

    private void insert(Connection connection, List<Fields> rows) throws SQLException {
        if (PostgresPipes.serves(target, connection)) {
            PostgresPipe.insert(connection, sql, all, rows);
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(sql.insert(all))) {
            for (Fields row : rows) {
                TableRows.bind(insert, row, all, target.dialect());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Takes its rows away. */
    void empty(Connection connection) throws SQLException {
        try (Statement truncate = connection.createStatement()) {
            truncate.executeUpdate("TRUNCATE TABLE " + sql.table());
        }
    }

    /** Never another table of the same name. */
    void drop(Connection connection) throws SQLException {
        if (isCreated) {
            try (Statement drop = connection.createStatement()) {
                drop.executeUpdate(target.dialect().dropTrial(sql.table()));
                isCreated = false;
            }
        }
    }
}
