package dev.migrate.jdbc;

import dev.migrate.table.Chunks.Chunk;
import dev.migrate.table.RefusedRows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows that were left out of one backfill, in {@code migrate_refused}. */
final class JdbcRefusedRows implements RefusedRows {
    private static final String OF_THIS = " where migration = ? and records = ? and generation = ?";
    private static final String OF_KEY = OF_THIS + " and record_key = ?";
    private static final String SELECT =
            "select record_key, cursor_text, reason, state, review_version from migrate_refused" + OF_THIS;
    private final JdbcChunks chunks;

    JdbcRefusedRows(JdbcChunks chunks) {
        this.chunks = chunks;
    }

    @Override
    public long count() {
        return chunks.run("count the rows left out of", this::count);
    }

    private long count(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select count(*) from migrate_refused" + OF_THIS + " and state = 'REFUSED'")) {
            chunks.bindThis(select, 1);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    @Override
    public List<Refused> list(int limit) {
        return chunks.run("list the rows left out of", connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement(SELECT + " and state = 'REFUSED' order by record_key limit ?")) {
                select.setInt(chunks.bindThis(select, 1), limit);
                return read(select);
            }
        });
    }

    @Override
    public List<Refused> of(Chunk chunk) {
        return chunks.run("list the rows left out of a chunk of", connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement(SELECT + " and chunk = ? order by record_key")) {
                select.setInt(chunks.bindThis(select, 1), chunk.number());
                return read(select);
            }
        });
    }

    private static List<Refused> read(PreparedStatement select) throws SQLException {
        List<Refused> found = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                boolean isCopied = rows.getString(4).equals("COPIED");
                found.add(new Refused(
                        rows.getString(1), rows.getString(2), rows.getString(3), isCopied, rows.getLong(5)));
            }
        }
        return found;
    }

    @Override
    public void reviewed(String key, long version) {
        chunks.run("note a review of a row left out of", connection -> {
            try (PreparedStatement update =
                    connection.prepareStatement("update migrate_refused set review_version = ?" + OF_KEY)) {
                update.setLong(1, version);
                update.setString(chunks.bindThis(update, 2), key);
                return update.executeUpdate();
            }
        });
    }

    @Override
    public void forget(String key) {
        chunks.run("forget a row left out of", connection -> {
            try (PreparedStatement delete = connection.prepareStatement("delete from migrate_refused" + OF_KEY)) {
                delete.setString(chunks.bindThis(delete, 1), key);
                return delete.executeUpdate();
            }
        });
    }

    @Override
    public int reopen() {
        return chunks.run("take up again the chunks of", connection -> {
            String left = "select chunk from migrate_refused" + OF_THIS + " and state = 'REFUSED'";
            try (PreparedStatement update = connection.prepareStatement("update migrate_chunk set state = 'OPEN',"
                    + " token = token + 1, claimed_until = null" + OF_THIS + " and state = 'DONE' and chunk in (" + left
                    + ")")) {
                chunks.bindThis(update, chunks.bindThis(update, 1));
                return update.executeUpdate();
            }
        });
    }

    /**
     * Keeps, in the transaction of a copied chunk, what was left out of it, and notes of what was left out before that it is copied.
     *
     * @param loaded the canonical keys of all rows of the chunk
     */
    void keep(Connection connection, Chunk chunk, Collection<String> loaded, LeftOut leftOut) throws SQLException {
        Set<String> before = keys(connection);
        if (before.isEmpty() && leftOut.isEmpty()) {
            return;
        }
        for (String key : loaded) {
            if (before.contains(key) && leftOut.find(key).isEmpty()) {
                change(connection, chunk, key, null);
                before.remove(key);
            }
        }
        for (LeftOut.Entry entry : leftOut.entries()) {
            if (before.add(entry.key())) {
                insert(connection, chunk, entry);
            } else {
                change(connection, chunk, entry.key(), entry.reason());
            }
        }
        leftOut.requireWithin(before.size());
    }

    private Set<String> keys(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select record_key from migrate_refused" + OF_THIS + " and state = 'REFUSED'")) {
            chunks.bindThis(select, 1);
            Set<String> keys = new HashSet<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    keys.add(rows.getString(1));
                }
            }
            return keys;
        }
    }

    /** @param reason null where it is copied */
    private void change(Connection connection, Chunk chunk, String key, @Nullable String reason) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update migrate_refused set chunk = ?, state = ?, reason = coalesce(?, reason)" + OF_KEY)) {
            update.setInt(1, chunk.number());
            update.setString(2, reason == null ? "COPIED" : "REFUSED");
            update.setString(3, reason);
            update.setString(chunks.bindThis(update, 4), key);
            update.executeUpdate();
        }
    }

    private void insert(Connection connection, Chunk chunk, LeftOut.Entry entry) throws SQLException {
        StorableText.key(entry.key());
        try (PreparedStatement delete =
                        connection.prepareStatement("delete from migrate_refused" + OF_KEY + " and state = 'COPIED'");
                PreparedStatement insert = connection.prepareStatement(
                        "insert into migrate_refused (migration, records,"
                                + " generation, record_key, cursor_text, chunk, state, reason) values (?, ?, ?, ?, ?, ?, 'REFUSED', ?)")) {
            delete.setString(chunks.bindThis(delete, 1), entry.key());
            delete.executeUpdate();
            int at = chunks.bindThis(insert, 1);
            insert.setString(at++, entry.key());
            insert.setString(at++, entry.cursor());
            insert.setInt(at++, chunk.number());
            insert.setString(at, entry.reason());
            insert.executeUpdate();
        }
    }
}
