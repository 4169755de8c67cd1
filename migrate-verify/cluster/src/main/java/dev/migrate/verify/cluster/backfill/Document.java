package dev.migrate.verify.cluster.backfill;

import dev.migrate.jdbc.JdbcRecords;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * A row of the table that is copied.
 *
 * @param content who has written it
 * @param payload makes it long
 */
record Document(long id, String content, String payload) {
    static final String TABLE =
            "CREATE TABLE document (id bigint PRIMARY KEY, content varchar(80) NOT NULL, payload text NOT NULL)";

    /** Only a document whose number can be divided by this is ever written by the nodes. */
    static final int EVERY = 10;

    static final String UPSERT = "INSERT INTO document (id, content, payload) VALUES (?, ?, ?)"
            + " ON CONFLICT (id) DO UPDATE SET content = excluded.content, payload = excluded.payload";

    static JdbcRecords<Long, Document> in(DataSource database) {
        return JdbcRecords.of(database, Document::find, Document::save, Document::remove);
    }

    private static Optional<Document> find(Connection connection, Long id) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT content, payload FROM document WHERE id = ?")) {
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new Document(id, row.getString(1), row.getString(2)))
                        : Optional.empty();
            }
        }
    }

    private static Document save(Connection connection, Document document) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            document.bind(upsert);
            upsert.executeUpdate();
        }
        return document;
    }

    void bind(PreparedStatement upsert) throws SQLException {
        upsert.setLong(1, id);
        upsert.setString(2, content);
        upsert.setString(3, payload);
    }

    private static void remove(Connection connection, Long id) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM document WHERE id = ?")) {
            delete.setLong(1, id);
            delete.executeUpdate();
        }
    }
}
