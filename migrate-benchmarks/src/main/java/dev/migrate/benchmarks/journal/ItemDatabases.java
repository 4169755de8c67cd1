package dev.migrate.benchmarks.journal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.jdbc.JdbcRecords;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import javax.sql.DataSource;

/** Two databases on one server that commits to disk, with the same rows. */
final class ItemDatabases implements AutoCloseable {
    private static final int CONNECTIONS = 24;

    /** A row. */
    record Item(long id, String content) {}

    private final EmbeddedPostgres server;
    final HikariDataSource legacy;
    final HikariDataSource target;

    /** @param keys how many rows each has, from 1 on */
    ItemDatabases(int keys) throws IOException, SQLException {
        server = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("max_connections", "200")
                .start();
        legacy = database("legacy", keys);
        target = database("target", keys);
    }

    private HikariDataSource database(String name, int keys) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.getJdbcUrl("postgres", name));
        config.setMaximumPoolSize(CONNECTIONS);
        HikariDataSource pool = new HikariDataSource(config);
        execute(
                pool,
                "CREATE TABLE item (id bigint PRIMARY KEY, content varchar(100) NOT NULL)",
                "INSERT INTO item SELECT n, 'seeded' FROM generate_series(1, " + keys + ") n",
                "ANALYZE item");
        return pool;
    }

    static void execute(DataSource database, String... statements) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    static JdbcRecords<Long, Item> records(DataSource database) {
        return JdbcRecords.of(database, ItemDatabases::find, ItemDatabases::save, ItemDatabases::delete);
    }

    static Optional<Item> find(Connection connection, Long id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT content FROM item WHERE id = ?")) {
            select.setLong(1, id);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(new Item(id, rows.getString(1))) : Optional.empty();
            }
        }
    }

    static Item save(Connection connection, Item item) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE item SET content = ? WHERE id = ?")) {
            update.setString(1, item.content());
            update.setLong(2, item.id());
            update.executeUpdate();
        }
        return item;
    }

    private static void delete(Connection connection, Long id) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM item WHERE id = ?")) {
            delete.setLong(1, id);
            delete.executeUpdate();
        }
    }

    /** Copies a row from legacy to the target, as a script would. */
    void copy(long id) {
        try (Connection from = legacy.getConnection();
                Connection to = target.getConnection()) {
            Optional<Item> item = find(from, id);
            if (item.isPresent()) {
                save(to, item.get());
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void close() throws IOException {
        legacy.close();
        target.close();
        server.close();
    }
}
