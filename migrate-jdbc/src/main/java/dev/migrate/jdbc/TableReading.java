package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import dev.migrate.table.Shape;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads from a database's catalogue what a table is. */
final class TableReading {
    private static final int NOT_SAID_BY_ORACLE = -127;
    private final DatabaseMetaData database;
    private final TableDialect dialect;

    private TableReading(DatabaseMetaData database, TableDialect dialect) {
        this.database = database;
        this.dialect = dialect;
    }

    /**
     * A table as the database knows it.
     *
     * @param dialect its database
     * @param version its version, as it says itself
     * @param quote the database's quote for identifiers
     * @param qualified its name, quoted
     * @param schema its schema, on MariaDB its database; null where it has none
     */
    record Found(
            TableDialect dialect,
            String version,
            String quote,
            String qualified,
            @Nullable String schema,
            Shape shape) {
        /**
         * Whether values of a kind that databases order in ways of their own are in one order in both tables. MariaDB has put UUIDs into
         * more than one order, and H2 too; each version has one.
         */
        boolean ordersLike(Found other, Kind kind) {
            return switch (kind) {
                case BYTES -> dialect.isSameProduct(other.dialect);
                case UUID -> dialect.ordersUuidsLike(other.dialect, version.equals(other.version));
                default -> false;
            };
        }
    }

    /**
     * Reads a table.
     *
     * @param name its name, alone or behind its schema's and a dot
     * @param key its key's columns; none for the primary key
     */
    static Found read(Connection connection, String name, List<String> key) throws SQLException {
        DatabaseMetaData database = connection.getMetaData();
        TableDialect dialect = TableDialect.of(database);
        return new TableReading(database, dialect).read(connection, parts(name), key);
    }

    private static List<String> parts(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? List.of(name) : List.of(name.substring(0, dot), name.substring(dot + 1));
    }

    private record Place(String catalog, String schema, String table) {}

    private Found read(Connection connection, List<String> name, List<String> key) throws SQLException {
        Place place = place(connection, name);
        String quote = database.getIdentifierQuoteString().trim();
        String schema = dialect.hasCatalogs() ? place.catalog() : place.schema();
        String qualified = schema == null || schema.isEmpty()
                ? quoted(place.table(), quote)
                : quoted(schema, quote) + "." + quoted(place.table(), quote);
        List<Column> columns = columns(place, new ColumnKinds(connection, dialect, schema, place.table(), qualified));
        List<String> keyColumns = key.isEmpty() ? primaryKey(place) : key;
        if (keyColumns.isEmpty()) {
            throw new MigrationException("table '" + place.table()
                    + "' has no primary key; name columns that are unique and never NULL with key(..)");
        }
        Shape shape = new Shape(place.table(), columns, keyColumns);
        shape.key().forEach(column -> dialect.requireKey(place.table(), column));
        return new Found(dialect, database.getDatabaseProductVersion(), quote, qualified, schema, shape);
    }

    private Place place(Connection connection, List<String> name) throws SQLException {
        String table = name.get(name.size() - 1);
        List<Place> found = new ArrayList<>();
        for (String spelling :
                List.of(table, table.toUpperCase(java.util.Locale.ROOT), table.toLowerCase(java.util.Locale.ROOT))) {
            for (Place place : places(connection, name, spelling)) {
                if (!found.contains(place)) {
                    found.add(place);
                }
            }
            if (!found.isEmpty()) {
                break;
            }
        }
        if (found.size() != 1) {
            throw new MigrationException(
                    found.isEmpty()
                            ? "there is no table '" + String.join(".", name) + "' in "
                                    + connection.getMetaData().getDatabaseProductName()
                                    + " for this connection; check the name, and put its schema before it with a dot"
                            : "there is more than one table '" + table + "': in schemas "
                                    + found.stream().map(Place::schema).toList()
                                    + "; put the schema before the name with a dot");
        }
        return found.get(0);
    }

    private List<Place> places(Connection connection, List<String> name, String table) throws SQLException {
        String schema = name.size() == 2 ? name.get(0) : dialect.hasCatalogs() ? null : connection.getSchema();
        String catalog = dialect.hasCatalogs() && name.size() == 2 ? name.get(0) : connection.getCatalog();
        List<Place> found = new ArrayList<>();
        try (ResultSet tables = database.getTables(catalog, null, escaped(table), null)) {
            while (tables.next()) {
                Place place = new Place(
                        tables.getString("TABLE_CAT"), tables.getString("TABLE_SCHEM"), tables.getString("TABLE_NAME"));
                boolean isHere = dialect.hasCatalogs() || schema == null || schema.equalsIgnoreCase(place.schema());
                if (isHere && place.table().equals(table) && !"INDEX".equals(tables.getString("TABLE_TYPE"))) {
                    found.add(place);
                }
            }
        }
        return found;
    }

    private String escaped(String pattern) throws SQLException {
        String escape = database.getSearchStringEscape();
        return pattern.replace(escape, escape + escape)
                .replace("_", escape + "_")
                .replace("%", escape + "%");
    }

    private List<Column> columns(Place place, ColumnKinds kinds) throws SQLException {
        List<Column> columns = new ArrayList<>();
        Set<String> computed = kinds.computed();
        try (ResultSet rows = database.getColumns(
                place.catalog(),
                place.schema() == null ? null : escaped(place.schema()),
                escaped(place.table()),
                null)) {
            while (rows.next()) {
                String initial = rows.getString("COLUMN_DEF"); // before what comes after it: Oracle streams it
                String type = rows.getString("TYPE_NAME");
                int scale = rows.getInt("DECIMAL_DIGITS");
                boolean hasScale = !rows.wasNull() && scale != NOT_SAID_BY_ORACLE;
                int sqlType = rows.getInt("DATA_TYPE");
                boolean isGenerated = computed == null
                        ? "YES".equals(rows.getString("IS_GENERATEDCOLUMN"))
                        : computed.contains(rows.getString("COLUMN_NAME"));
                boolean isComputed = isGenerated && !"YES".equals(rows.getString("IS_AUTOINCREMENT"));
                boolean isRequired = rows.getInt("NULLABLE") == DatabaseMetaData.columnNoNulls
                        && initial == null
                        && !"YES".equals(rows.getString("IS_AUTOINCREMENT"))
                        && !isComputed;
                int size = rows.getInt("COLUMN_SIZE");
                Kind kind = kinds.of(rows.getString("COLUMN_NAME"), sqlType, type, size, hasScale ? scale : -1);
                columns.add(new Column(
                        rows.getString("COLUMN_NAME"),
                        kind,
                        type + size(kind, size, scale),
                        hasScale ? scale : sqlType == Types.DATE ? 0 : -1,
                        isRequired,
                        isComputed));
            }
        }
        return columns;
    }

    /** Types whose values are represented alike whatever their size need none. */
    private static String size(Kind kind, int size, int scale) {
        return switch (kind) {
            case TEXT, PADDED_TEXT -> "(" + size + ")";
            case DECIMAL -> "(" + size + "," + scale + ")";
            case TIMESTAMP, INSTANT, TIME -> "(" + scale + ")";
            default -> "";
        };
    }

    private List<String> primaryKey(Place place) throws SQLException {
        Map<Integer, String> columns = new TreeMap<>();
        try (ResultSet rows = database.getPrimaryKeys(place.catalog(), place.schema(), place.table())) {
            while (rows.next()) {
                columns.put(rows.getInt("KEY_SEQ"), rows.getString("COLUMN_NAME"));
            }
        }
        return List.copyOf(columns.values());
    }

    static String quoted(String name, String quote) {
        return quote.isEmpty() ? name : quote + name.replace(quote, quote + quote) + quote;
    }
}
