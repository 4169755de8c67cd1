package dev.migrate.verify.cluster;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;

/** Two databases with the same table, on one server. */
final class Databases {
    final String legacy;
    final String target;

    Databases(DatabaseServer server) throws SQLException {
        this.legacy = create(server, "cluster_legacy");
        this.target = create(server, "cluster_target");
    }

    private static String create(DatabaseServer server, String name) throws SQLException {
        String url = server.create(name);
        execute(url, Items.TABLE);
        return url;
    }

    static void execute(String url, String sql) throws SQLException {
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
}
