package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.table.ChunkCopy;
import dev.migrate.table.Column;
import dev.migrate.table.Fields;
import dev.migrate.table.Row;
import dev.migrate.table.RowRefusedException;
import dev.migrate.table.TableKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Copies one chunk into a table.
 *
 * <p>What is neither in the table nor in the ledger is inserted, plainly: a row that is there already is found by its key, never by
 * an {@code INSERT IGNORE}, which also loses rows that some other unique key refuses. A row that the database refuses ends the
 * chunk; it is then looked for, one by one, so that it can be named. What is a fresh chunk for PostgreSQL goes in by {@code COPY};
 * bytes are passed on unread where both sides are PostgreSQL and nothing is derived.
 */
final class ChunkCopier {
    private static final int BATCH = 1_000;
    private final JdbcTable target;
    private final ChunkCopy copy;
    private final JdbcChunks chunks;

    ChunkCopier(JdbcTable target, ChunkCopy copy, JdbcChunks chunks) {
        this.target = target;
        this.copy = copy;
        this.chunks = chunks;
    }

    /** A chunk of legacy, in the target's columns, by canonical key. */
    private record Loaded(List<TableKey> keys, List<Fields> rows) {}

    /** The commit of an earlier attempt went through although it seemed to fail. */
    private static final class AlreadyCopied extends SQLException {
        private static final long serialVersionUID = 1L;
    }

    ChunkCopy.Result run() throws Exception {
        try {
            return copyOnce();
        } catch (AlreadyCopied earlier) {
            return new ChunkCopy.Result(0, null);
        }
    }

    private ChunkCopy.Result copyOnce() throws Exception {
        if (copy.legacy() instanceof JdbcTable source && PostgresPipe.serves(source, target, copy.mapping())) {
            Optional<ChunkCopy.Result> piped = pipe(source);
            if (piped.isPresent()) {
                return piped.get();
            }
        }
        return copyRows();
    }

    /** Passes the bytes on; empty where the chunk is not fresh. */
    private Optional<ChunkCopy.Result> pipe(JdbcTable source) throws Exception {
        try (Connection from = source.bulkConnection()) {
            return TableWork.readingAtOneMoment(from, legacy -> {
                List<TableKey> keys = new ArrayList<>();
                source.rows().scanKeys(legacy, copy.range(), keys::add);
                if (!copy.ledger().heldAmong(texts(keys)).isEmpty()) {
                    return Optional.empty();
                }
                try (Connection to = target.bulkConnection()) {
                    return TableWork.writing(to, connection -> {
                        if (!target.rows().isEmpty(connection, copy.range())) {
                            return Optional.empty();
                        }
                        PostgresPipe.pass(
                                legacy,
                                source.rows().sql(),
                                connection,
                                target.rows().sql(),
                                copy);
                        return Optional.of(complete(connection, keys.size(), keys));
                    });
                } catch (SQLException refused) {
                    if (isRefusal(refused)) {
                        return Optional.empty(); // found again, and named, row by row
                    }
                    throw refused;
                }
            });
        }
    }

    private ChunkCopy.Result copyRows() throws Exception {
        Loaded loaded = load();
        Set<String> held = copy.ledger().heldAmong(texts(loaded.keys()));
        List<TableKey> written = new ArrayList<>();
        List<Fields> fresh = new ArrayList<>();
        try (Connection to = target.bulkConnection()) {
            return TableWork.writing(to, connection -> {
                Set<String> existing =
                        isFresh(connection) ? Set.of() : target.rows().existing(connection, loaded.keys());
                for (int at = 0; at < loaded.keys().size(); at++) {
                    TableKey key = loaded.keys().get(at);
                    if (!held.contains(key.canonical()) && !existing.contains(key.canonical())) {
                        written.add(key);
                        fresh.add(loaded.rows().get(at));
                    }
                }
                insert(connection, fresh);
                return complete(connection, loaded.keys().size(), written);
            });
        } catch (SQLException refused) {
            if (isRefusal(refused)) {
                throw named(refused, written, fresh);
            }
            throw refused;
        }
    }

    private boolean isFresh(Connection connection) throws SQLException {
        return target.ordersLike(copy.legacy()) && target.rows().isEmpty(connection, copy.range());
    }

    private Loaded load() throws Exception {
        Map<TableKey, Fields> rows = new LinkedHashMap<>();
        copy.legacy().scan(copy.range(), row -> rows.put(row.key(), mapped(row)));
        return new Loaded(List.copyOf(rows.keySet()), List.copyOf(rows.values()));
    }

    private Fields mapped(Row row) {
        return copy.mapping().to(Side.TARGET, row.fields());
    }

    private ChunkCopy.Result complete(Connection connection, long read, List<TableKey> written) throws SQLException {
        if (!chunks.copied(connection, copy.chunk(), read, written.size())) {
            if (chunks.isCopied(copy.chunk())) {
                throw new AlreadyCopied();
            }
            throw new MigrationException("chunk " + copy.chunk().number() + " of table '" + target.name()
                    + "' was taken over by another worker, and nothing was written; call run() again, or let the other"
                    + " go on");
        }
        copy.beforeCommit().run();
        return new ChunkCopy.Result(read, written);
    }

    private void insert(Connection connection, List<Fields> fresh) throws SQLException {
        List<Column> columns = copy.mapping().columns(Side.TARGET);
        if (fresh.isEmpty()) {
            return;
        }
        if (PostgresPipe.serves(target, connection)) {
            PostgresPipe.insert(connection, target.rows().sql(), columns, fresh);
            return;
        }
        try (PreparedStatement insert =
                connection.prepareStatement(target.rows().sql().insert(columns))) {
            int waiting = 0;
            for (Fields row : fresh) {
                TableRows.bind(insert, row, columns);
                insert.addBatch();
                if (++waiting == BATCH) {
                    insert.executeBatch();
                    waiting = 0;
                }
            }
            if (waiting > 0) {
                insert.executeBatch();
            }
        }
    }

    /** Whether the database refused a value or a row, and not the statement or the connection. */
    private static boolean isRefusal(SQLException failure) {
        String state = failure.getSQLState();
        return state != null && (state.startsWith("22") || state.startsWith("23"));
    }

    /** Finds the row that was refused, by inserting one after the other; nothing of it is kept. */
    private Exception named(SQLException refused, List<TableKey> keys, List<Fields> rows) throws SQLException {
        List<Column> columns = copy.mapping().columns(Side.TARGET);
        try (Connection connection = target.bulkConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement insert =
                    connection.prepareStatement(target.rows().sql().insert(columns))) {
                for (int at = 0; at < rows.size(); at++) {
                    Savepoint before = connection.setSavepoint();
                    try {
                        TableRows.bind(insert, rows.get(at), columns);
                        insert.executeUpdate();
                    } catch (SQLException why) {
                        if (!isRefusal(why)) {
                            throw why;
                        }
                        connection.rollback(before);
                        return refusal(keys.get(at), why);
                    }
                    connection.releaseSavepoint(before);
                }
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
        return refused; // it passes by now
    }

    private RowRefusedException refusal(TableKey key, SQLException why) {
        return new RowRefusedException(
                "table '" + target.name() + "' refuses the row with key " + key.canonical() + " by "
                        + RefusedBy.rule(why) + " (SQL state " + why.getSQLState()
                        + "); correct the row in legacy, loosen the rule, or derive(..) the column, then run the backfill again");
    }

    private static List<String> texts(List<TableKey> keys) {
        return keys.stream().map(TableKey::canonical).toList();
    }
}
