package dev.migrate.jdbc.schema;

import dev.migrate.MigrationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A schema to be compared: in a database, which is read anew each time, or in a document.
 *
 * <p>A document is a JSON object: {@code tables} has an object for each table, with its {@code columns} (of each {@code type} and, where they
 * apply, {@code length}, {@code precision}, {@code scale}, {@code nullable}, {@code default}, {@code primary_key}, {@code unique},
 * {@code auto_increment}), its {@code constraints} ({@code primary_key}, {@code unique}, {@code foreign_key}, {@code check}) and its
 * {@code indexes}. Views and procedures are not compared. Immutable and thread-safe.
 */
public final class DatabaseSchema {
    private final @Nullable DataSource dataSource;
    private final @Nullable String name;
    private final @Nullable Model document;

    private DatabaseSchema(@Nullable DataSource dataSource, @Nullable String name, @Nullable Model document) {
        this.dataSource = dataSource;
        this.name = name;
        this.document = document;
    }

    /** The schema that the connections of a data source use. */
    public static DatabaseSchema of(DataSource dataSource) {
        return new DatabaseSchema(dataSource, null, null);
    }

    /**
     * A schema of a database.
     *
     * @param name its name, as the database spells it; on MariaDB that of the database
     */
    public static DatabaseSchema of(DataSource dataSource, String name) {
        return new DatabaseSchema(dataSource, name, null);
    }

    /**
     * The schema that a document describes; its statements are standard SQL, and it has no rows to ask.
     *
     * @param json the document
     * @throws MigrationException where it is not JSON, or not of this shape, with the place
     */
    public static DatabaseSchema parse(String json) {
        return new DatabaseSchema(null, null, SchemaDocument.read(json));
    }

    /**
     * The schema that a file describes; see {@link #parse}.
     *
     * @param file UTF-8
     */
    public static DatabaseSchema read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException failure) {
            throw new UncheckedIOException("could not read the schema document " + file, failure);
        }
    }

    /**
     * A fingerprint of tables as the catalogue describes them: another one where a column, key, constraint, check or index is another, the
     * same where the columns only come in another order.
     *
     * @param tables their names in any case; none for all tables of the schema, of which the library's own are left out
     * @return 64 hexadecimal digits; comparable between two readings of the same database
     * @throws MigrationException where a table is not there, or the catalogue cannot be read
     */
    public String fingerprint(String... tables) {
        try {
            return Fingerprint.of(model(), tables);
        } catch (SQLException failure) {
            throw new MigrationException(
                    "could not read the schema for its fingerprint (SQL state " + failure.getSQLState()
                            + "); check that the user of the data source may read the catalogue",
                    failure);
        }
    }

    boolean hasRows() {
        return dataSource != null;
    }

    /** A connection to its database; whoever takes it closes it. */
    Connection open() throws SQLException {
        if (dataSource == null) {
            throw new MigrationException("a schema document has no database to connect to");
        }
        return dataSource instanceof ConnectionsApart apart ? apart.newConnection() : dataSource.getConnection();
    }

    Model model() throws SQLException {
        if (document != null) {
            return document;
        }
        try (Connection connection = open()) {
            return CatalogueReading.read(connection, name);
        }
    }
}
