package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * PostgreSQL: a trigger for each row, which the database gives to every partition, present and to come, and fires for cascades, COPY and
 * the apply worker of a logical replication.
 *
 * <p>A trigger for each statement would cost less a row, but misses what is written to a partition directly or by such a worker.
 *
 * <p>Its function runs as whoever installed it, so that other applications need no right on the library's tables.
 */
final class PostgresOwing implements OwingInstall {
    private static final String LOCK_TIMEOUT = "set local lock_timeout = '1s'";
    private final OwingPlace place;
    private final OwingKey key;
    private final String name;
    private final String table;

    PostgresOwing(OwingPlace place) {
        this.place = place;
        this.key = OwingKey.of(place.table(), new PostgresOwingSql(place.schema(), place.hash()));
        this.name = place.name();
        this.table = place.table().found().qualified();
    }

    private String body() {
        return "\ndeclare\n"
                + "    before_key text;\n"
                + "    after_key text;\n"
                + "begin\n"
                + "    if tg_op <> 'INSERT' then\n"
                + "        before_key := " + key.canonical(of("old")) + ";\n"
                + "        " + owe("before_key", of("old")) + "\n"
                + "    end if;\n"
                + "    if tg_op <> 'DELETE' then\n"
                + "        after_key := " + key.canonical(of("new")) + ";\n"
                + "        if tg_op = 'INSERT' or after_key is distinct from before_key then\n"
                + "            " + owe("after_key", of("new")) + "\n"
                + "        end if;\n"
                + "    end if;\n"
                + "    return null;\n"
                + "end ";
    }

    private UnaryOperator<String> of(String row) {
        return column -> place.column(row, column);
    }

    private String owe(String canonical, UnaryOperator<String> reference) {
        return "perform " + place.schema() + ".migrate_owe_1(" + place.owner() + ", "
                + place.id().lockClass() + ", " + canonical + ", " + key.segment(reference, canonical) + ");";
    }

    private List<String> statements() {
        List<String> all = new ArrayList<>(place.shared());
        String function = place.schema() + "." + name + "()";
        all.add("create or replace function " + function + " returns trigger\n"
                + "language plpgsql security definer set search_path = pg_catalog, pg_temp as $$" + body() + "$$");
        all.add("revoke all on function " + function + " from public");
        all.add("create or replace trigger " + name + " after insert or update or delete on " + table
                + "\n    for each row execute function " + function);
        all.add("alter table " + table + " enable always trigger " + name);
        all.add("create or replace trigger " + name + "_truncate before truncate on " + table
                + "\n    for each statement execute function " + place.schema() + ".migrate_refuse_truncate_1("
                + place.owner() + ", "
                + OwingPlace.literal(Integer.toString(place.id().lockClass())) + ")");
        all.add("alter table " + table + " enable always trigger " + name + "_truncate");
        return all;
    }

    @Override
    public String script() {
        StringBuilder script = new StringBuilder();
        for (String statement : statements()) {
            script.append(statement).append(statement.endsWith(";") ? "\n\n" : ";\n\n");
        }
        return script.toString();
    }

    @Override
    public void install(Connection connection) throws SQLException {
        requireRowsOfItsOwn(connection);
        run(connection, statements());
    }

    /** A view has no rows that a trigger could see, and rows of a child table would pass by their parent's. */
    private void requireRowsOfItsOwn(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select c.relkind in ('r', 'p'),"
                + " c.relkind = 'r' and exists (select 1 from pg_inherits i where i.inhparent = c.oid)"
                + " from pg_class c where c.oid = ?::regclass")) {
            select.setString(1, table);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                if (!rows.getBoolean(1) || rows.getBoolean(2)) {
                    throw new MigrationException("'" + place.table().name() + "' "
                            + (rows.getBoolean(1)
                                    ? "has child tables, whose rows are written past a trigger of the parent"
                                    : "is not a plain or partitioned table")
                            + "; install an owing trigger on each of the tables that have the rows");
                }
            }
        }
    }

    @Override
    public void remove(Connection connection) throws SQLException {
        List<String> statements = new ArrayList<>(List.of(
                "drop trigger if exists " + name + " on " + table,
                "drop trigger if exists " + name + "_truncate on " + table,
                "drop function if exists " + place.schema() + "." + name + "()"));
        if (!isAnotherInstalled(connection)) {
            statements.add("drop function if exists " + place.schema() + ".migrate_refuse_truncate_1(), "
                    + place.schema() + ".migrate_owe_1(text, text, text, integer, text, integer), "
                    + place.schema() + ".migrate_units_1(text), "
                    + place.schema() + ".migrate_segment_of_text_1(text, bigint, bigint), "
                    + place.schema() + ".migrate_segment_of_number_1(bigint, bigint, bigint), "
                    + place.schema() + ".migrate_segment_of_words_1(bigint[], integer, bigint, bigint), "
                    + place.schema() + ".migrate_sum_1(bigint, bigint)");
        }
        run(connection, statements);
    }

    private boolean isAnotherInstalled(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select exists (select 1 from pg_trigger t"
                + " join pg_proc p on p.oid = t.tgfoid where p.prosrc like '%.migrate_owe_1(%' and p.proname <> ?"
                + " and p.pronamespace = ?::regnamespace)")) {
            select.setString(1, name);
            select.setString(2, place.schema());
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }

    private static void run(Connection connection, List<String> statements) throws SQLException {
        OwnTransaction.run(connection, inTransaction -> {
            new PostgresDialect().lockSchema(inTransaction);
            try (Statement statement = inTransaction.createStatement()) {
                statement.execute(LOCK_TIMEOUT);
                for (String each : statements) {
                    statement.execute(each);
                }
            }
            return true;
        });
    }

    @Override
    public boolean isInstalled(Connection connection) throws SQLException {
        return OwnTransaction.run(connection, inTransaction -> {
            try (PreparedStatement select = inTransaction.prepareStatement("select count(*) from pg_trigger t"
                    + " join pg_proc p on p.oid = t.tgfoid where t.tgrelid = ?::regclass and t.tgenabled = 'A'"
                    + " and (t.tgname = ? and replace(p.prosrc, chr(13), '') = ? or t.tgname = ?)")) {
                select.setString(1, table);
                select.setString(2, name);
                select.setString(3, body());
                select.setString(4, name + "_truncate");
                try (ResultSet rows = select.executeQuery()) {
                    rows.next();
                    return rows.getInt(1) == 2;
                }
            }
        });
    }
}
