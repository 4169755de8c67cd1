package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The tables that a backfill keeps its chunks in, created where they are missing. */
final class ChunkSchema {
    private static final int VERSION = 1;
    private static final int ATTEMPTS = 5;

    private ChunkSchema() {}

    static void create(Connection connection) throws SQLException {
        Dialect dialect = Dialect.of(connection);
        for (int attempt = 1; ; attempt++) {
            try {
                OwnTransaction.run(connection, inTransaction -> create(inTransaction, dialect));
                return;
            } catch (SQLException failure) {
                if (attempt == ATTEMPTS) {
                    throw failure;
                }
            }
        }
    }

    private static boolean create(Connection connection, Dialect dialect) throws SQLException {
        dialect.lockSchema(connection);
        try (Statement create = connection.createStatement()) {
            for (String statement : JdbcSchema.statements(script(dialect.product()))) {
                JdbcSchema.execute(create, statement, dialect);
            }
            return true;
        } finally {
            dialect.unlockSchema(connection);
        }
    }

    private static String script(String product) {
        String path = "schema/v" + VERSION + "/" + product + "-chunks.sql";
        try (InputStream script = ChunkSchema.class.getResourceAsStream(path)) {
            if (script == null) {
                throw new MigrationException("there is no " + path + " in the library's own jar; is it whole?");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new MigrationException(
                    "could not read " + path + " from the library's own jar; is it whole?", failure);
        }
    }
}
