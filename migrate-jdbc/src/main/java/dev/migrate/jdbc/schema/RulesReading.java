package dev.migrate.jdbc.schema;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@link TableRules} knows beyond the model of a table: what matters to a single row, and not to the comparison of two schemas. */
final class RulesReading {
    private static final int FIRST_WITH_EQUAL_NULLS = 15;

    /**
     * What is known beyond the model.
     *
     * @param prefixes for unique indexes of MariaDB, by folded name, how many characters of a column count, by its folded name
     * @param nullsEqual the folded names of constraints and indexes to which NULLs are alike
     * @param hasCollation whether all text is compared by a collation of the database (H2)
     */
    record Beyond(
            ColumnFit.Session session,
            Map<String, Map<String, Integer>> prefixes,
            Set<String> nullsEqual,
            boolean hasCollation) {}

    private final Connection connection;
    private final Map<String, Map<String, Integer>> prefixes = new HashMap<>();
    private final Set<String> nullsEqual = new HashSet<>();

    private RulesReading(Connection connection) {
        this.connection = connection;
    }

    static Beyond read(Connection connection, Product product, @Nullable String schema, String table, boolean hasClock)
            throws SQLException {
        RulesReading reading = new RulesReading(connection);
        String place =
                schema != null ? schema : product.isLikeMariaDb() ? connection.getCatalog() : connection.getSchema();
        return switch (product) {
            case POSTGRESQL -> reading.postgres(String.valueOf(place), table);
            case MARIADB, MYSQL -> reading.mariaDb(product, String.valueOf(place), table, hasClock);
            case H2 -> reading.h2(String.valueOf(place), table);
            case STANDARD -> new Beyond(new ColumnFit.Session(null, null, true), Map.of(), Set.of(), true);
        };
    }

    private Beyond postgres(String schema, String table) throws SQLException {
        if (connection.getMetaData().getDatabaseMajorVersion() >= FIRST_WITH_EQUAL_NULLS) {
            each(
                    "select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid"
                            + " join pg_class t on t.oid = i.indrelid join pg_namespace n on n.oid = t.relnamespace"
                            + " where i.indnullsnotdistinct and n.nspname = ? and t.relname = ?",
                    row -> nullsEqual.add(Model.fold(row.getString(1))),
                    schema,
                    table);
        }
        String[] encoding = new String[1];
        each(
                "select pg_encoding_to_char(encoding) from pg_database where datname = current_database()",
                row -> encoding[0] = row.getString(1));
        return new Beyond(new ColumnFit.Session(encoding[0], null, true), prefixes, nullsEqual, false);
    }

    private Beyond mariaDb(Product product, String schema, String table, boolean hasClock) throws SQLException {
        each(
                "select index_name, column_name, sub_part from information_schema.statistics"
                        + " where sub_part is not null and table_schema = ? and table_name = ?",
                row -> prefixes.computeIfAbsent(Model.fold(row.getString(1)), name -> new HashMap<>())
                        .put(Model.fold(row.getString(2)), row.getInt(3)),
                schema,
                table);
        boolean[] keepsZero = new boolean[1];
        each(
                "select @@session.sql_mode",
                row -> keepsZero[0] = String.valueOf(row.getString(1)).contains("NO_AUTO_VALUE_ON_ZERO"));
        SessionClock clock = hasClock ? SessionClock.of(connection, product) : null;
        return new Beyond(new ColumnFit.Session(null, clock, keepsZero[0]), prefixes, nullsEqual, false);
    }

    private Beyond h2(String schema, String table) throws SQLException {
        each(
                "select constraint_name from information_schema.table_constraints"
                        + " where nulls_distinct = 'NO' and table_schema = ? and table_name = ?",
                row -> nullsEqual.add(Model.fold(row.getString(1))),
                schema,
                table);
        boolean[] hasCollation = new boolean[1];
        each(
                "select setting_value from information_schema.settings where setting_name = 'COLLATION'",
                row -> hasCollation[0] = !"OFF".equalsIgnoreCase(row.getString(1)));
        return new Beyond(new ColumnFit.Session(null, null, true), prefixes, nullsEqual, hasCollation[0]);
    }

    private void each(String sql, Details.Line line, String... values) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int at = 0; at < values.length; at++) {
                select.setString(at + 1, values[at]);
            }
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    line.read(rows);
                }
            }
        }
    }
}
