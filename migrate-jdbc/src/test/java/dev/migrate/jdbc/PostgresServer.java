package dev.migrate.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** An embedded PostgreSQL, or the one that the system property {@code migrate.test.postgres.url} names. */
final class PostgresServer implements TestServer {
    private static final String EXTERNAL = "migrate.test.postgres.url";

    @Override
    public String product() {
        return "postgresql";
    }

    @Override
    public TestDatabase fresh() {
        try {
            return Server.isOurs() ? Ours.SPARE.fresh(product()) : elsewhere();
        } catch (SQLException e) {
            throw new IllegalStateException("no database on " + Server.URL, e);
        }
    }

    /** On a server that outlives the tests nothing is left behind. */
    private TestDatabase elsewhere() throws SQLException {
        String name = TestDatabases.freshName();
        PGSimpleDataSource admin = at(null);
        TestDatabase.execute(admin, "CREATE DATABASE " + name);
        return new TestDatabase(
                product(),
                name,
                at(name),
                () -> TestDatabase.execute(admin, "DROP DATABASE " + name + " WITH (FORCE)"));
    }

    private static PGSimpleDataSource at(@Nullable String database) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setURL(Server.URL);
        if (database != null) {
            dataSource.setDatabaseName(database);
        }
        return dataSource;
    }

    /** Started by the first use of the class; the server registers its own shutdown hook. */
    private static final class Server {
        static final String URL = isOurs() ? start() : System.getProperty(EXTERNAL);

        static boolean isOurs() {
            return System.getProperty(EXTERNAL, "").isBlank();
        }

        private static String start() {
            try {
                return EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "off")
                        .setServerConfig("full_page_writes", "off")
                        .setServerConfig("max_connections", "200")
                        .start()
                        .getJdbcUrl("postgres", "postgres");
            } catch (IOException e) {
                throw new UncheckedIOException("embedded PostgreSQL did not start; name another by -D" + EXTERNAL, e);
            }
        }
    }

    /** Databases of their own; whoever takes them closes them. */
    static SpareDatabases spare() {
        try {
            return new SpareDatabases(at(null).getConnection(), PostgresServer::at);
        } catch (SQLException e) {
            throw new IllegalStateException("no connection to " + Server.URL, e);
        }
    }

    /** Those of the JVM, which end with the server. */
    private static final class Ours {
        static final SpareDatabases SPARE = spare();
    }
}
