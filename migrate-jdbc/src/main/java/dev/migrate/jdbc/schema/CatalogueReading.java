package dev.migrate.jdbc.schema;

import dev.migrate.jdbc.schema.Model.Check;
import dev.migrate.jdbc.schema.Model.Field;
import dev.migrate.jdbc.schema.Model.Index;
import dev.migrate.jdbc.schema.Model.Reference;
import dev.migrate.jdbc.schema.Model.Relation;
import dev.migrate.jdbc.schema.Model.Unique;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a schema from {@link DatabaseMetaData}, and from the product's own catalogue what that leaves open. */
final class CatalogueReading {
    private static final Set<String> TABLES = Set.of("TABLE", "BASE TABLE", "PARTITIONED TABLE");
    private static final String OWN = "migrate_";
    private final DatabaseMetaData database;
    private final Product product;
    private final @Nullable String catalog;
    private final @Nullable String schema;
    private final boolean isNamed;
    private final Details details;

    private CatalogueReading(Connection connection, @Nullable String named) throws SQLException {
        this.database = connection.getMetaData();
        this.product = Product.of(database);
        boolean hasCatalogs = product.isLikeMariaDb();
        this.isNamed = named != null;
        this.catalog = hasCatalogs && named != null ? named : connection.getCatalog();
        this.schema = hasCatalogs ? null : named != null ? named : connection.getSchema();
        String place = hasCatalogs ? catalog : schema;
        this.details = Details.read(connection, product, place == null ? "" : place);
    }

    /**
     * Reads a schema; the library's own tables are left out.
     *
     * @param named its name; null for that of the connection
     */
    static Model read(Connection connection, @Nullable String named) throws SQLException {
        return new CatalogueReading(connection, named).model();
    }

    /**
     * Reads one table.
     *
     * @param named the name of its schema; null for that of the connection
     * @param table its name, as the database spells it
     */
    static Relation read(Connection connection, @Nullable String named, String table) throws SQLException {
        return new CatalogueReading(connection, named).relation(table);
    }

    private Model model() throws SQLException {
        Map<String, Relation> tables = new TreeMap<>();
        for (String table : tables()) {
            tables.put(Model.fold(table), relation(table));
        }
        return new Model(
                product, product == Product.STANDARD ? database.getDatabaseProductName() : product.word(), tables);
    }

    private List<String> tables() throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet rows = database.getTables(catalog, escaped(schema), "%", null)) {
            while (rows.next()) {
                String name = rows.getString("TABLE_NAME");
                if (TABLES.contains(String.valueOf(rows.getString("TABLE_TYPE")))
                        && !Model.fold(name).startsWith(OWN)
                        && !details.isPart(name)) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    private Relation relation(String table) throws SQLException {
        List<Check> checks = new ArrayList<>(details.checks(table));
        List<Field> fields = fields(table, checks);
        List<Index> indexes = new ArrayList<>();
        List<Unique> uniques = uniques(table, fields, indexes);
        String place = product.isLikeMariaDb() ? catalog : schema;
        String qualified =
                isNamed && place != null ? product.quoted(place) + "." + product.quoted(table) : product.quoted(table);
        return new Relation(table, qualified, fields, uniques, references(table), checks, indexes);
    }

    private List<Field> fields(String table, List<Check> checks) throws SQLException {
        List<Field> fields = new ArrayList<>();
        try (ResultSet rows = database.getColumns(catalog, escaped(schema), escaped(table), null)) {
            while (rows.next()) {
                if (rows.getString("TABLE_NAME").equals(table)) {
                    fields.add(FieldReading.read(
                            product, rows, details.column(table, rows.getString("COLUMN_NAME")), checks));
                }
            }
        }
        return fields;
    }

    private List<Unique> uniques(String table, List<Field> fields, List<Index> indexes) throws SQLException {
        List<Unique> uniques = new ArrayList<>();
        Map<Integer, String> key = new TreeMap<>();
        String keyName = null;
        try (ResultSet rows = database.getPrimaryKeys(catalog, schema, table)) {
            while (rows.next()) {
                key.put(rows.getInt("KEY_SEQ"), rows.getString("COLUMN_NAME"));
                keyName = rows.getString("PK_NAME");
            }
        }
        List<String> keyColumns = List.copyOf(key.values());
        if (!keyColumns.isEmpty()) {
            uniques.add(new Unique(keyName, keyColumns, true, false, true));
        }
        Set<String> names = Set.copyOf(fields.stream().map(Field::name).toList());
        for (Map.Entry<String, Found> found : indexes(table).entrySet()) {
            Found index = found.getValue();
            boolean isKey = index.isUnique && index.columns.equals(keyColumns);
            boolean isPartial = index.isPartial || !names.containsAll(index.columns);
            if (index.isUnique && !isKey) {
                String constraint = isPartial ? null : details.constraint(table, index.columns);
                uniques.add(new Unique(
                        constraint == null ? found.getKey() : constraint,
                        index.columns,
                        false,
                        isPartial,
                        constraint != null));
            } else if (!isKey) {
                indexes.add(new Index(found.getKey(), index.columns));
            }
        }
        return uniques;
    }

    private static final class Found {
        private final List<String> columns = new ArrayList<>();
        private boolean isUnique;
        private boolean isPartial;
    }

    private Map<String, Found> indexes(String table) throws SQLException {
        Map<String, Found> indexes = new LinkedHashMap<>();
        try (ResultSet rows = database.getIndexInfo(catalog, schema, table, false, true)) {
            while (rows.next()) {
                String name = rows.getString("INDEX_NAME");
                String column = rows.getString("COLUMN_NAME");
                if (name != null && column != null) {
                    Found index = indexes.computeIfAbsent(name, none -> new Found());
                    index.columns.add(column);
                    index.isUnique = !rows.getBoolean("NON_UNIQUE");
                    index.isPartial = rows.getString("FILTER_CONDITION") != null;
                }
            }
        }
        return indexes;
    }

    private List<Reference> references(String table) throws SQLException {
        Map<String, Reference> references = new LinkedHashMap<>();
        try (ResultSet rows = database.getImportedKeys(catalog, schema, table)) {
            while (rows.next()) {
                String name = rows.getString("FK_NAME");
                String parent = rows.getString("PKTABLE_NAME");
                String rule = rule(rows.getInt("DELETE_RULE"));
                Reference reference = references.computeIfAbsent(
                        name == null ? parent : name,
                        none -> new Reference(name, new ArrayList<>(), parent, new ArrayList<>(), rule));
                reference.columns().add(rows.getString("FKCOLUMN_NAME"));
                reference.referenced().add(rows.getString("PKCOLUMN_NAME"));
            }
        }
        return List.copyOf(references.values());
    }

    /** To refuse at once or at the end of a statement is the same to a copy. */
    private static String rule(int rule) {
        return switch (rule) {
            case DatabaseMetaData.importedKeyCascade -> "cascade";
            case DatabaseMetaData.importedKeySetNull -> "set null";
            case DatabaseMetaData.importedKeySetDefault -> "set default";
            default -> "no action";
        };
    }

    private @Nullable String escaped(@Nullable String pattern) throws SQLException {
        if (pattern == null) {
            return null;
        }
        String escape = database.getSearchStringEscape();
        return pattern.replace(escape, escape + escape)
                .replace("_", escape + "_")
                .replace("%", escape + "%");
    }
}
