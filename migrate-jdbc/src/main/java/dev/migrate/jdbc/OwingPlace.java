package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Where an owing trigger stands, and for whom.
 *
 * @param schema the schema of the library's tables and of what the triggers share, quoted
 */
record OwingPlace(BookId id, JdbcTable table, String schema) {
    /** Of what is installed; a later one has other names, so that nodes of two releases do not take each other's away. */
    private static final int VERSION = 1;

    private static final int LONGEST_SLUG = 30;

    static OwingPlace of(Connection connection, BookId id, JdbcTable table) throws SQLException {
        boolean hasCatalogs = table.dialect().hasCatalogs();
        String schema = hasCatalogs ? connection.getCatalog() : connection.getSchema();
        if (schema == null) {
            throw new MigrationException(
                    "connections to table '" + table.name()
                            + "' use no schema in which the library's tables could be; name one in the address of the database");
        }
        return new OwingPlace(
                id, table, TableReading.quoted(schema, table.found().quote()));
    }

    /** The name of the trigger and of what belongs to it: short enough to be followed by 15 characters on every database. */
    String name() {
        String spoken = (id.migration() + '_' + id.records() + '_' + id.side())
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "_");
        String slug = spoken.substring(0, Math.min(LONGEST_SLUG, spoken.length()));
        int code = (id + "/" + table.found().qualified()).hashCode();
        return String.format(Locale.ROOT, "migrate_%s_%08x", slug, code);
    }

    /** The statements that make what all owing triggers of the schema share. */
    List<String> shared() {
        String path = "trigger/v" + VERSION + "/" + table.dialect().product() + ".sql";
        try (InputStream script = OwingPlace.class.getResourceAsStream(path)) {
            if (script == null) {
                throw new MigrationException("could not find " + path + " in the library's own jar; is it whole?");
            }
            String text = new String(script.readAllBytes(), StandardCharsets.UTF_8).replace("{schema}", schema);
            return Arrays.stream(text.split("\n//\n"))
                    .map(String::strip)
                    .filter(statement -> !statement.isEmpty())
                    .toList();
        } catch (IOException failure) {
            throw new MigrationException(
                    "could not read " + path + " from the library's own jar; is it whole?", failure);
        }
    }

    /** A column of the row that a trigger sees, or of another one. */
    String column(String row, String column) {
        return row + "." + TableReading.quoted(column, table.found().quote());
    }

    HashState hash() {
        return HashState.of(id.migration());
    }

    /** The first arguments of every call: whose journal it is. */
    String owner() {
        return literal(id.migration()) + ", " + literal(id.records()) + ", "
                + literal(id.side().name());
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
