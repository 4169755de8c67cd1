package dev.migrate.verify.cluster;

import dev.migrate.jdbc.JdbcRecords;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/** The statements of one side. */
final class Items {
    static final String TABLE = "CREATE TABLE items (id bigint PRIMARY KEY, content varchar(80) NOT NULL)";

    private static final String INSERT = "INSERT INTO items (id, content) VALUES (?, ?)";

    private Items() {}

    /** @param url the address of the database, which tells its product */
    static JdbcRecords<Long, Item> in(DataSource database, String url) {
        String upsert = url.startsWith("jdbc:mariadb:")
                ? INSERT + " ON DUPLICATE KEY UPDATE content = VALUES(content)"
                : INSERT + " ON CONFLICT (id) DO UPDATE SET content = excluded.content";
        return JdbcRecords.of(
                database, Items::find, (connection, item) -> save(connection, item, upsert), Items::remove);
    }

    private static Optional<Item> find(Connection connection, Long id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT content FROM items WHERE id = ?")) {
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(new Item(id, row.getString(1))) : Optional.empty();
            }
        }
    }

    private static Item save(Connection connection, Item item, String sql) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(sql)) {
            upsert.setLong(1, item.id());
            upsert.setString(2, item.content());
            upsert.executeUpdate();
        }
        return item;
    }

    private static void remove(Connection connection, Long id) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM items WHERE id = ?")) {
            delete.setLong(1, id);
            delete.executeUpdate();
        }
    }
}
