package dev.migrate.jdbc.schema;

import dev.migrate.jdbc.schema.Model.Check;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a product's catalogue says of a schema, and {@link java.sql.DatabaseMetaData} does not. */
final class Details {
    /**
     * What is said of a column.
     *
     * @param type its type in full
     * @param labels the labels of an enumeration; else none
     * @param isAlways whether its identity must be overridden to be written
     * @param ignoresCase whether it is compared without regard to case or accents
     * @param isUnicode whether its character set holds every character
     * @param collation MariaDB's, where it is text; else null
     * @param onUpdate what MariaDB sets it to at an update; null for nothing
     * @param given what MySQL says of its value; null of another product
     */
    record Of(
            String type,
            List<String> labels,
            boolean isAlways,
            boolean ignoresCase,
            boolean isUnicode,
            @Nullable String collation,
            @Nullable String onUpdate,
            @Nullable Given given) {
        Of(
                String type,
                List<String> labels,
                boolean isAlways,
                boolean ignoresCase,
                boolean isUnicode,
                @Nullable String collation,
                @Nullable String onUpdate) {
            this(type, labels, isAlways, ignoresCase, isUnicode, collation, onUpdate, null);
        }
    }

    /**
     * Where a column's value comes from that is not written.
     *
     * @param isComputed from an expression over the row, always
     * @param isExpression from a default that is an expression, and not a plain value
     */
    record Given(boolean isComputed, boolean isExpression) {}

    private record Place(String table, String column) {}

    /** What reads one row of a query. */
    @FunctionalInterface
    interface Line {
        void read(ResultSet row) throws SQLException;
    }

    private final Connection connection;
    private final String schema;
    private final Map<Place, Of> columns = new HashMap<>();
    private final Map<String, List<Check>> checks = new HashMap<>();
    private final Map<String, Map<String, List<String>>> constraints = new HashMap<>();
    private final Set<String> parts = new HashSet<>();

    private Details(Connection connection, String schema) {
        this.connection = connection;
        this.schema = schema;
    }

    /** Reads them; there are none of a product that is not known. */
    static Details read(Connection connection, Product product, String schema) throws SQLException {
        Details details = new Details(connection, schema);
        switch (product) {
            case POSTGRESQL -> PostgresDetails.read(details);
            case MARIADB -> MariaDbDetails.read(details);
            case MYSQL -> MySqlDetails.read(details);
            case H2 -> H2Details.read(details);
            case STANDARD -> {}
        }
        if (product != Product.STANDARD) {
            details.uniqueConstraints();
        }
        return details;
    }

    private void uniqueConstraints() throws SQLException {
        each(
                "select c.table_name, c.constraint_name, k.column_name from information_schema.table_constraints c"
                        + " join information_schema.key_column_usage k on k.constraint_schema = c.constraint_schema"
                        + " and k.constraint_name = c.constraint_name and k.table_name = c.table_name"
                        + " and k.table_schema = c.table_schema"
                        + " where c.constraint_type = 'UNIQUE' and c.table_schema = ?"
                        + " order by c.table_name, c.constraint_name, k.ordinal_position",
                row -> constraints
                        .computeIfAbsent(row.getString(1), table -> new LinkedHashMap<>())
                        .computeIfAbsent(row.getString(2), name -> new ArrayList<>())
                        .add(row.getString(3)));
    }

    /** Runs a query with the schema as its only value. */
    void each(String sql, Line line) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, schema);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    line.read(rows);
                }
            }
        }
    }

    void column(String table, String column, Of of) {
        columns.put(new Place(table, column), of);
    }

    void check(String table, Check check) {
        checks.computeIfAbsent(table, none -> new ArrayList<>()).add(check);
    }

    /** A table that is a part of another, and not one of its own. */
    void part(String table) {
        parts.add(table);
    }

    @Nullable Of column(String table, String column) {
        return columns.get(new Place(table, column));
    }

    List<Check> checks(String table) {
        return checks.getOrDefault(table, List.of());
    }

    /** The unique constraint over some columns; null where it is an index only, or none. */
    @Nullable String constraint(String table, List<String> of) {
        return constraints.getOrDefault(table, Map.of()).entrySet().stream()
                .filter(constraint -> new HashSet<>(constraint.getValue()).equals(new HashSet<>(of)))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    boolean isPart(String table) {
        return parts.contains(table);
    }
}
