package dev.migrate.examples.users.run;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL server: an embedded one that ends with this object, or one that is there. */
public final class Postgres implements AutoCloseable {

    private final @Nullable EmbeddedPostgres embedded;
    private final String url;

    private Postgres(@Nullable EmbeddedPostgres embedded, String url) {
        this.embedded = embedded;
        this.url = url;
    }

    /**
     * Starts a server of its own on a free port.
     *
     * <p>It does not wait for the disk: it is the application that gets killed here, not the server or the machine.
     */
    public static Postgres start() throws IOException {
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "off")
                .setServerConfig("full_page_writes", "off")
                .setServerConfig("max_connections", "200")
                .setServerConfig("max_wal_size", "4GB")
                .start();
        return new Postgres(server, server.getJdbcUrl("postgres", "postgres"));
    }

    /** Uses the server of {@code url}, which names a user who may create databases. */
    public static Postgres at(String url) {
        return new Postgres(null, url);
    }

    /**
     * Creates an empty database; one that has the name is dropped.
     *
     * @return its URL
     */
    public String create(String database) throws SQLException {
        try (Connection connection = dataSource(url).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("drop database if exists " + database + " with (force)");
            statement.execute("create database " + database);
        }
        return url.replaceFirst("^(jdbc:postgresql://[^/]+/)[^?]*", "$1" + database);
    }

    /** A new connection at each call. */
    public static PGSimpleDataSource dataSource(String url) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setURL(url);
        return dataSource;
    }

    @Override
    public void close() throws IOException {
        if (embedded != null) {
            embedded.close();
        }
    }
}
