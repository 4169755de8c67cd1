package dev.migrate.verify.cluster;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;

/** An embedded PostgreSQL, or the one that the system property {@code migrate.test.postgres.url} names. */
final class PostgresServer implements DatabaseServer {
    @Override
    public String product() {
        return "postgresql";
    }

    @Override
    public String create(String database) throws SQLException {
        Databases.execute(Server.URL, "DROP DATABASE IF EXISTS " + database + " WITH (FORCE)");
        Databases.execute(Server.URL, "CREATE DATABASE " + database);
        return Server.URL.replaceFirst("^(jdbc:postgresql://[^/]+/)[^?]*", "$1" + database);
    }

    /** Started by the first use of the class; the server registers its own shutdown hook. */
    private static final class Server {
        static final String URL = start();

        private static String start() {
            String given = System.getProperty("migrate.test.postgres.url", "");
            try {
                return given.isBlank()
                        ? EmbeddedPostgres.builder()
                                .setServerConfig("fsync", "off")
                                .setServerConfig("full_page_writes", "off")
                                .setServerConfig("max_connections", "200")
                                .start()
                                .getJdbcUrl("postgres", "postgres")
                        : given;
            } catch (IOException e) {
                throw new UncheckedIOException("embedded PostgreSQL did not start", e);
            }
        }
    }
}
