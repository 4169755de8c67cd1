package dev.migrate.verify.cluster;

import dev.migrate.Side;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Two databases with the same tables, on one server. */
final class Databases {
    final String legacy;
    final String target;

    Databases(Options options) throws SQLException {
        DatabaseServer server = DatabaseServer.of(options.database());
        this.legacy = create(server, Side.LEGACY, options);
        this.target = create(server, Side.TARGET, options);
    }

    private static String create(DatabaseServer server, Side side, Options options) throws SQLException {
        String url = server.create("cluster_" + Workload.inWords(options.workload()) + "_" + Workload.inWords(side));
        List<String> ddl = options.workload() == Workload.ITEMS
                ? List.of(Items.TABLE)
                : RoomTables.ddl(url, side, options.lacking());
        for (String each : ddl) {
            execute(url, each);
        }
        return url;
    }

    static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Puts every other key of the items into legacy, as if it had been there for long; returns what was put. */
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

    /** All items of a side. */
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
