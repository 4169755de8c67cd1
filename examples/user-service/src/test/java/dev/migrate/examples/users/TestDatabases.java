package dev.migrate.examples.users;

import dev.migrate.examples.users.run.Postgres;
import dev.migrate.examples.users.run.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * Empty databases on one server for all tests of the JVM: an embedded one that registers its own shutdown hook, or the
 * one that the system property {@code migrate.test.postgres.url} names.
 */
public final class TestDatabases {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private TestDatabases() {}

    /** A new database with the schema in it. */
    public static DataSource with(Schema schema) {
        try {
            DataSource database = Postgres.dataSource(server().create("test_" + NUMBER.incrementAndGet()));
            schema.create(database);
            return database;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server. */
    public static Postgres server() {
        return Server.INSTANCE;
    }

    /** Runs a statement in a transaction of its own. */
    public static void execute(DataSource database, String sql) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Server {
        static final Postgres INSTANCE = start();

        private static Postgres start() {
            String url = System.getProperty("migrate.test.postgres.url", "");
            try {
                return url.isBlank() ? Postgres.start() : Postgres.at(url);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
