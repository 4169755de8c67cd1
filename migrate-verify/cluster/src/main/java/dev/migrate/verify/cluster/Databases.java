package dev.migrate.verify.cluster;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Two databases with the same table, on an embedded server or on the one that the system property {@code migrate.test.postgres.url} names. The server
 * does not wait for the disk: nodes are killed here, not the server or the machine.
 */
final class Databases implements AutoCloseable {
    private final @Nullable EmbeddedPostgres embedded;
    private final String server;
    final String legacy;
    final String target;

    private Databases(@Nullable EmbeddedPostgres embedded, String server) throws SQLException {
        this.embedded = embedded;
        this.server = server;
        this.legacy = create("cluster_legacy");
        this.target = create("cluster_target");
    }

    static Databases start() throws IOException, SQLException {
        String given = System.getProperty("migrate.test.postgres.url", "");
        if (!given.isBlank()) {
            return new Databases(null, given);
        }
        EmbeddedPostgres started = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "off")
                .setServerConfig("full_page_writes", "off")
                .setServerConfig("max_connections", "200")
                .start();
        return new Databases(started, started.getJdbcUrl("postgres", "postgres"));
    }

    private String create(String name) throws SQLException {
        execute(server, "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
        execute(server, "CREATE DATABASE " + name);
        String url = server.replaceFirst("^(jdbc:postgresql://[^/]+/)[^?]*", "$1" + name);
        execute(url, Items.TABLE);
        return url;
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Puts every other key into legacy, as if it had been there for long; returns what was put. */
    Map<Long, String> seed(int keys) throws SQLException {
        Map<Long, String> seeded = new TreeMap<>();
        try (Connection connection = DriverManager.getConnection(legacy);
                PreparedStatement insert = connection.prepareStatement("INSERT INTO items VALUES (?, ?)")) {
            connection.setAutoCommit(false);
            for (long key = 0; key < keys; key += 2) {
                String content = "seeded-" + key;
                insert.setLong(1, key);
                insert.setString(2, content);
                insert.addBatch();
                seeded.put(key, content);
            }
            insert.executeBatch();
            connection.commit();
        }
        return seeded;
    }

    /** All rows of a side. */
    static Map<Long, String> rows(String url) throws SQLException {
        Map<Long, String> rows = new TreeMap<>();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT id, content FROM items")) {
            while (found.next()) {
                rows.put(found.getLong(1), found.getString(2));
            }
        }
        return rows;
    }

    @Override
    public void close() throws IOException {
        if (embedded != null) {
            embedded.close();
        }
    }
}
