package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The ways by which MariaDB changes a table's rows when those of another change, without firing the table's triggers: foreign keys that
 * cascade or set NULL, and chains of these.
 */
final class ForeignKeys {
    private static final Set<String> CHANGES_ROWS = Set.of("CASCADE", "SET NULL", "SET DEFAULT");

    private ForeignKeys() {}

    /** A table, by its database's name and its own. */
    record Name(String schema, String table) {
        String quoted() {
            return TableReading.quoted(schema, "`") + "." + TableReading.quoted(table, "`");
        }

        @Override
        public String toString() {
            return schema + "." + table;
        }
    }

    /** One foreign key; its columns and those that it refers to are in the same order. */
    record Edge(
            String constraint,
            Name child,
            List<String> columns,
            Name parent,
            List<String> referenced,
            String onDelete,
            String onUpdate) {
        boolean deletesRows() {
            return onDelete.equals("CASCADE");
        }

        boolean changesRowsOnDelete() {
            return CHANGES_ROWS.contains(onDelete);
        }

        boolean changesRowsOnUpdate() {
            return CHANGES_ROWS.contains(onUpdate);
        }
    }

    /** A chain of foreign keys, from the table's own up to an ancestor. */
    record Chain(List<Edge> edges) {
        Edge own() {
            return edges.get(0);
        }

        Edge top() {
            return edges.get(edges.size() - 1);
        }

        /** Whether a delete of the ancestor's row changes or deletes rows of the table. */
        boolean carriesDeletes() {
            return own().changesRowsOnDelete()
                    && edges.subList(1, edges.size()).stream().allMatch(Edge::deletesRows);
        }

        boolean carriesUpdates() {
            return edges.size() == 1 && own().changesRowsOnUpdate();
        }

        private Chain then(Edge edge) {
            return new Chain(Stream.concat(edges.stream(), Stream.of(edge)).toList());
        }

        private boolean has(Name table) {
            return edges.stream().anyMatch(edge -> edge.child().equals(table));
        }
    }

    /** All chains that change rows of a table; refused where one leads in a circle, or carries an update over more than one table. */
    static List<Chain> chains(Connection connection, Name table) throws SQLException {
        List<Chain> found = new ArrayList<>();
        for (Edge edge : edges(connection, table)) {
            climb(connection, new Chain(List.of(edge)), found);
        }
        return found;
    }

    private static void climb(Connection connection, Chain chain, List<Chain> found) throws SQLException {
        Edge top = chain.top();
        if (!chain.carriesDeletes() && !chain.carriesUpdates()) {
            return;
        }
        if (chain.has(top.parent())) {
            throw new MigrationException(
                    "table '" + chain.own().child() + "' is changed by foreign key '" + top.constraint()
                            + "', which leads back to '" + top.parent()
                            + "': MariaDB follows it without firing triggers, and an"
                            + " owing trigger cannot foresee how far; delete such rows by statements of your own instead of by"
                            + " the foreign key, or tell the router what was written past it, with touched(..)");
        }
        found.add(chain);
        for (Edge edge : edges(connection, top.parent())) {
            refuseUpdatesOverTwo(chain, edge);
            climb(connection, chain.then(edge), found);
        }
    }

    private static void refuseUpdatesOverTwo(Chain chain, Edge edge) {
        boolean changesReferenced = edge.columns().stream().anyMatch(chain.top().referenced()::contains)
                && (edge.changesRowsOnUpdate() || edge.onDelete().startsWith("SET"));
        if (changesReferenced && chain.top().changesRowsOnUpdate()) {
            throw new MigrationException("table '" + chain.own().child() + "' is changed by foreign keys '"
                    + chain.top().constraint() + "' and '" + edge.constraint()
                    + "' when a row of '" + edge.parent()
                    + "' gets another key: MariaDB follows them without firing triggers,"
                    + " and an owing trigger foresees one such step only; make one of them ON UPDATE RESTRICT, or tell the"
                    + " router what was written past it, with touched(..)");
        }
    }

    private static List<Edge> edges(Connection connection, Name child) throws SQLException {
        List<Edge> edges = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("select k.constraint_name, k.column_name,"
                + " k.referenced_table_schema, k.referenced_table_name, k.referenced_column_name, r.delete_rule, r.update_rule"
                + " from information_schema.key_column_usage k join information_schema.referential_constraints r"
                + " on r.constraint_schema = k.constraint_schema and r.constraint_name = k.constraint_name"
                + " and r.table_name = k.table_name"
                + " where k.table_schema = ? and k.table_name = ? and k.referenced_table_name is not null"
                + " order by k.constraint_name, k.ordinal_position")) {
            select.setString(1, child.schema());
            select.setString(2, child.table());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    String constraint = rows.getString(1);
                    Edge last = edges.isEmpty() ? null : edges.get(edges.size() - 1);
                    if (last == null || !last.constraint().equals(constraint)) {
                        last = new Edge(
                                constraint,
                                child,
                                new ArrayList<>(),
                                new Name(rows.getString(3), rows.getString(4)),
                                new ArrayList<>(),
                                rows.getString(6),
                                rows.getString(7));
                        edges.add(last);
                    }
                    last.columns().add(rows.getString(2));
                    last.referenced().add(rows.getString(5));
                }
            }
        }
        return edges;
    }
}
