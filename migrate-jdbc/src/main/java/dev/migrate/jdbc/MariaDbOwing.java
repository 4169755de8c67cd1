package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.jdbc.ForeignKeys.Chain;
import dev.migrate.jdbc.ForeignKeys.Name;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * MariaDB: a trigger for each row and each kind of statement, and, because foreign keys change rows there without firing triggers, a
 * trigger on every table from which such a change can come, which owes the rows before it.
 */
final class MariaDbOwing implements OwingInstall {
    /** Whatever the session's mode is, the routines keep the one under which they were made. */
    private static final String STRICT = "set sql_mode = 'STRICT_ALL_TABLES'";

    private static final int LONGEST_WAIT_SECONDS = 2;

    /**
     * A trigger.
     *
     * @param on the table that fires it
     * @param when such as {@code after insert}
     */
    private record Made(String name, Name on, String when, String body) {
        String statement() {
            return "create or replace trigger " + TableReading.quoted(on.schema(), "`") + "." + name + " " + when
                    + " on " + on.quoted() + " for each row\n" + body;
        }
    }

    private final OwingPlace place;
    private final OwingKey key;
    private final Name table;
    private final List<Made> triggers = new ArrayList<>();

    MariaDbOwing(OwingPlace place, Connection connection) throws SQLException {
        this.place = place;
        this.key = OwingKey.of(place.table(), new MariaDbOwingSql(place.schema(), place.hash()));
        this.table = nameOf(connection, place.table());
        requireTransactions(connection);
        addOwn();
        addCascades(ForeignKeys.chains(connection, table));
    }

    private static Name nameOf(Connection connection, JdbcTable table) throws SQLException {
        int dot = table.name().indexOf('.');
        return new Name(
                dot < 0 ? connection.getCatalog() : table.name().substring(0, dot),
                table.shape().table());
    }

    private void requireTransactions(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select engine from information_schema.tables where table_schema = ? and table_name = ?")) {
            select.setString(1, table.schema());
            select.setString(2, table.table());
            try (ResultSet rows = select.executeQuery()) {
                String engine = rows.next() ? rows.getString(1) : "none";
                if (!"InnoDB".equals(engine)) {
                    throw new MigrationException(
                            "an owing trigger needs a table whose rows and debts commit together, but '" + table
                                    + "' has engine " + engine + "; alter it to InnoDB");
                }
            }
        }
    }

    private void addOwn() {
        UnaryOperator<String> before = of("old");
        UnaryOperator<String> after = of("new");
        triggers.add(new Made(place.name() + "_i", table, "after insert", block(owe(after))));
        triggers.add(new Made(
                place.name() + "_u",
                table,
                "after update",
                block(owe(before) + ";\n    if not " + isSameKey(before, after) + " then\n        " + owe(after)
                        + ";\n    end if")));
        triggers.add(new Made(place.name() + "_d", table, "after delete", block(owe(before))));
    }

    private UnaryOperator<String> of(String row) {
        return column -> place.column(row, column);
    }

    private static String block(String statements) {
        return "begin\n    " + statements + ";\nend";
    }

    private String owe(UnaryOperator<String> reference) {
        String canonical = key.canonical(reference);
        return "call " + place.schema() + ".migrate_owe_1(" + place.owner() + ", " + canonical + ", "
                + key.segment(reference, canonical) + ")";
    }

    /** By bytes: keys that a collation takes for equal are different keys. */
    private String isSameKey(UnaryOperator<String> before, UnaryOperator<String> after) {
        return "(binary " + key.canonical(before) + " <=> binary " + key.canonical(after) + ")";
    }

    private void addCascades(List<Chain> chains) {
        Map<String, List<Chain>> byAncestor = new TreeMap<>();
        for (Chain chain : chains) {
            byAncestor
                    .computeIfAbsent(chain.top().parent().toString(), unused -> new ArrayList<>())
                    .add(chain);
        }
        int ancestor = 0;
        for (List<Chain> same : byAncestor.values()) {
            ancestor++;
            Name on = same.get(0).top().parent();
            List<String> deletes = same.stream()
                    .filter(Chain::carriesDeletes)
                    .map(chain -> oweBelow(chain, false))
                    .toList();
            if (!deletes.isEmpty()) {
                triggers.add(new Made(
                        place.name() + "_c" + ancestor + "d",
                        on,
                        "before delete",
                        block(String.join(";\n    ", deletes))));
            }
            List<String> updates = same.stream()
                    .filter(Chain::carriesUpdates)
                    .map(this::oweRenamed)
                    .toList();
            if (!updates.isEmpty()) {
                triggers.add(new Made(
                        place.name() + "_c" + ancestor + "u",
                        on,
                        "before update",
                        block(String.join(";\n    ", updates))));
            }
        }
    }

    /** Owes the rows below the ancestor's row, each under the key that it has, and under the one that it gets. */
    private String oweBelow(Chain chain, boolean isRenamed) {
        StringBuilder from = new StringBuilder(table.quoted()).append(" t0");
        for (int at = 1; at < chain.edges().size(); at++) {
            from.append(" join ")
                    .append(chain.edges().get(at).child().quoted())
                    .append(" t")
                    .append(at)
                    .append(" on ")
                    .append(equal(chain.edges().get(at - 1), "t" + (at - 1), "t" + at));
        }
        String columns = key.columns().stream()
                .map(column -> place.column("t0", column.name()))
                .reduce((one, other) -> one + ", " + other)
                .orElseThrow();
        String owed = owe(of("below"));
        if (isRenamed
                && key.columns().stream()
                        .anyMatch(column -> chain.own().columns().contains(column.name()))) {
            owed += ";\n        " + owe(column -> renamed(chain, column));
        }
        return "for below in (select " + columns + " from " + from + " where "
                + equal(chain.top(), "t" + (chain.edges().size() - 1), "old") + " for update) do\n        " + owed
                + ";\n    end for";
    }

    private String oweRenamed(Chain chain) {
        String isSame = chain.top().referenced().stream()
                .map(column -> "binary " + place.column("old", column) + " <=> binary " + place.column("new", column))
                .reduce((one, other) -> one + " and " + other)
                .orElseThrow();
        return "if not (" + isSame + ") then\n    " + oweBelow(chain, true) + ";\n    end if";
    }

    private String renamed(Chain chain, String column) {
        int at = chain.own().columns().indexOf(column);
        return at < 0
                ? place.column("below", column)
                : place.column("new", chain.own().referenced().get(at));
    }

    private String equal(ForeignKeys.Edge edge, String child, String parent) {
        List<String> pairs = new ArrayList<>();
        for (int at = 0; at < edge.columns().size(); at++) {
            pairs.add(place.column(child, edge.columns().get(at)) + " = "
                    + place.column(parent, edge.referenced().get(at)));
        }
        return String.join(" and ", pairs);
    }

    private List<String> statements() {
        List<String> all = new ArrayList<>(place.shared());
        triggers.forEach(trigger -> all.add(trigger.statement()));
        return all;
    }

    @Override
    public String script() {
        return "set @migrate_mode = @@sql_mode;\n" + STRICT + ";\ndelimiter //\n"
                + String.join("\n//\n", statements())
                + "\n//\ndelimiter ;\nset sql_mode = @migrate_mode;\n";
    }

    @Override
    public void install(Connection connection) throws SQLException {
        run(connection, statements());
    }

    @Override
    public void remove(Connection connection) throws SQLException {
        List<String> statements = new ArrayList<>();
        Map<String, String> all = found(connection);
        all.forEach((name, body) -> statements.add("drop trigger if exists " + name));
        if (!isAnotherInstalled(connection)) {
            statements.add("drop procedure if exists " + place.schema() + ".migrate_owe_1");
            for (String function : List.of("text", "number", "bytes")) {
                statements.add("drop function if exists " + place.schema() + ".migrate_segment_of_" + function + "_1");
            }
        }
        run(connection, statements);
    }

    private boolean isAnotherInstalled(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select count(*) from information_schema.triggers"
                + " where instr(action_statement, ?) > 0 and trigger_name not like ?")) {
            select.setString(1, "call " + place.schema() + ".migrate_owe_1(");
            select.setString(2, place.name().replace("_", "\\_") + "%");
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getInt(1) > 0;
            }
        }
    }

    /** The statements commit one by one: between the first and the last, some writes are owed already and others not yet. */
    private static void run(Connection connection, List<String> statements) throws SQLException {
        MariaDbDialect dialect = new MariaDbDialect();
        dialect.lockSchema(connection);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set @migrate_mode = @@sql_mode, @migrate_wait = @@lock_wait_timeout");
            try {
                statement.execute(STRICT);
                statement.execute("set lock_wait_timeout = " + LONGEST_WAIT_SECONDS);
                for (String each : statements) {
                    statement.execute(each);
                }
            } finally {
                statement.execute("set sql_mode = @migrate_mode, lock_wait_timeout = @migrate_wait");
            }
        } finally {
            dialect.unlockSchema(connection);
        }
    }

    @Override
    public boolean isInstalled(Connection connection) throws SQLException {
        Map<String, String> wanted = new TreeMap<>();
        for (Made trigger : triggers) {
            wanted.put(TableReading.quoted(trigger.on().schema(), "`") + "." + trigger.name(), trigger.body());
        }
        return found(connection).equals(wanted) && hasRoutines(connection);
    }

    private Map<String, String> found(Connection connection) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select trigger_schema, trigger_name, action_statement"
                        + " from information_schema.triggers where trigger_name like ?")) {
            select.setString(1, place.name().replace("_", "\\_") + "%");
            try (ResultSet rows = select.executeQuery()) {
                Map<String, String> found = new TreeMap<>();
                while (rows.next()) {
                    found.put(
                            TableReading.quoted(rows.getString(1), "`") + "." + rows.getString(2),
                            rows.getString(3).replace("\r", ""));
                }
                return found;
            }
        }
    }

    private boolean hasRoutines(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select count(*) from information_schema.routines"
                + " where routine_schema = ? and (routine_name like 'migrate\\_owe\\_1'"
                + " or routine_name like 'migrate\\_segment\\_of\\_%\\_1')")) {
            select.setString(1, connection.getCatalog());
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getInt(1) == 4;
            }
        }
    }
}
