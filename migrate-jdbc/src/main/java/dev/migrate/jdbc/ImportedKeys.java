package dev.migrate.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The foreign keys between two tables, as every product tells them to JDBC. */
final class ImportedKeys {
    private ImportedKeys() {}

    /** The names of those by which a table refers to another of the same database. */
    static List<String> between(Connection connection, TableReading.Found child, TableReading.Found parent)
            throws SQLException {
        boolean isCatalog = child.dialect().hasCatalogs();
        DatabaseMetaData database = connection.getMetaData();
        List<String> names = new ArrayList<>();
        try (ResultSet keys = database.getImportedKeys(
                isCatalog ? child.schema() : null,
                isCatalog ? null : child.schema(),
                child.shape().table())) {
            while (keys.next()) {
                String schema = keys.getString(isCatalog ? "PKTABLE_CAT" : "PKTABLE_SCHEM");
                String name = String.valueOf(keys.getString("FK_NAME"));
                boolean isToParent = Objects.equals(schema, parent.schema())
                        && parent.shape().table().equals(keys.getString("PKTABLE_NAME"));
                if (isToParent && !names.contains(name)) {
                    names.add(name);
                }
            }
        }
        return names;
    }
}
