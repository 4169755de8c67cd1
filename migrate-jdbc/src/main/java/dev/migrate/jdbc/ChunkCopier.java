package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.side.SideBooks;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Copies one chunk into a table.
 *
 * <p>What is neither in the table nor in the ledger is inserted, plainly: a row that is there already is found by its key, never by
 * an {@code INSERT IGNORE}, which also loses rows that some other unique key refuses. Rows go in by pieces; a piece with a row that
 * the database refuses is taken apart, behind savepoints: a row that a copier has brought meanwhile, or will bring, or that legacy does not
 * have any more, is passed over; any other is left out and kept ({@link LeftOut}) where that is allowed, or else is named and ends the chunk, as one does that
 * the database keeps under another key than it was given: cut, padded or rounded. What is a fresh chunk for PostgreSQL goes in by {@code COPY}; bytes
 * are passed on unread where both sides are PostgreSQL and nothing is derived.
 */
final class ChunkCopier {
    private static final int PIECE = 500;
    private final JdbcTable target;
    private final ChunkCopy copy;
    private final JdbcChunks chunks;
    private final SideBooks journal;
    private final LeftOut leftOut;

    ChunkCopier(JdbcTable target, ChunkCopy copy, JdbcChunks chunks) {
        this.target = target;
        this.copy = copy;
        this.chunks = chunks;
        this.journal = copy.legacy().books(copy.migration(), Side.LEGACY);
        this.leftOut = new LeftOut(copy, target.name());
    }

    /** A chunk of legacy, by canonical key: in the target's columns, or why the mapping makes nothing of a row. */
    private record Loaded(List<TableKey> keys, Map<TableKey, Fields> rows, Map<TableKey, Unmapped> unmapped) {}

    private record Unmapped(String columns, RuntimeException why) {}

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
        if (copy.legacy() instanceof JdbcTable source && PostgresPipes.serves(source, target, copy.mapping())) {
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
                    return TableWork.writing(
                            to,
                            copying -> CopyMarks.during(copying, connection -> {
                                if (!target.rows().isEmpty(connection, copy.range())) {
                                    return Optional.empty();
                                }
                                PostgresPipe.pass(
                                        legacy,
                                        source.rows().sql(),
                                        connection,
                                        target.rows().sql(),
                                        copy);
                                return Optional.of(complete(connection, keys, keys));
                            }));
                } catch (SQLException refused) {
                    if (SqlFailure.isRefusal(refused)) {
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
        try (Connection to = target.bulkConnection()) {
            return TableWork.writing(
                    to,
                    copying -> CopyMarks.during(copying, connection -> {
                        Set<String> existing = existing(connection, loaded.keys());
                        List<TableKey> keys = new ArrayList<>();
                        List<Fields> fresh = new ArrayList<>();
                        for (TableKey key : loaded.keys()) {
                            if (held.contains(key.canonical()) || existing.contains(key.canonical())) {
                                continue;
                            }
                            Unmapped unmapped = loaded.unmapped().get(key);
                            if (unmapped != null) {
                                leaveOut(connection, key, unmapped);
                            } else {
                                keys.add(key);
                                fresh.add(Objects.requireNonNull(loaded.rows().get(key)));
                            }
                        }
                        return complete(connection, loaded.keys(), insert(connection, keys, fresh));
                    }));
        }
    }

    /**
     * Those of the keys that the target has a row for. Where it orders keys as legacy does, its own keys of the range are read: a table that
     * has just begun to fill has no statistics, and a list of keys makes PostgreSQL compare each of its rows with each of them.
     */
    private Set<String> existing(Connection connection, List<TableKey> keys) throws Exception {
        if (!target.ordersLike(copy.legacy())) {
            return target.rows().existing(connection, keys);
        }
        Set<String> wanted = new HashSet<>(texts(keys));
        Set<String> existing = new HashSet<>();
        target.rows().scanKeys(connection, copy.range(), key -> {
            if (wanted.contains(key.canonical())) {
                existing.add(key.canonical());
            }
        });
        return existing;
    }

    private Loaded load() throws Exception {
        List<TableKey> keys = new ArrayList<>();
        Map<TableKey, Fields> rows = new HashMap<>();
        Map<TableKey, Unmapped> unmapped = new HashMap<>();
        copy.legacy().scan(copy.range(), row -> {
            keys.add(row.key());
            try {
                rows.put(row.key(), copy.mapping().to(Side.TARGET, row.fields()));
            } catch (RuntimeException thrown) {
                unmapped.put(row.key(), new Unmapped(unmappedColumns(row), thrown));
            }
        });
        return new Loaded(keys, rows, unmapped);
    }

    private String unmappedColumns(Row row) {
        return copy.mapping().failingFor(row.fields()).stream()
                .map(column -> " of column '" + column.name() + "'")
                .collect(Collectors.joining(" and"));
    }

    private void leaveOut(Connection connection, TableKey key, Unmapped unmapped) throws SQLException {
        if (!isNotOursToInsert(connection, key)) {
            String reason = "the mapping" + unmapped.columns() + ", which threw a "
                    + unmapped.why().getClass().getName();
            leftOut.add(
                    key,
                    reason,
                    new RowRefusedException(
                            "the row with key " + key.canonical() + " does not go into table '" + target.name()
                                    + "' by " + reason
                                    + "; correct the row in legacy or the mapping, then run the backfill again",
                            unmapped.why()));
        }
    }

    private ChunkCopy.Result complete(Connection connection, List<TableKey> read, List<TableKey> written)
            throws SQLException {
        chunks.refused().keep(connection, copy.chunk(), texts(read), leftOut);
        if (!chunks.copied(connection, copy.chunk(), read.size(), written.size())) {
            if (chunks.isCopied(copy.chunk())) {
                throw new AlreadyCopied();
            }
            throw new MigrationException("chunk " + copy.chunk().number() + " of table '" + target.name()
                    + "' was taken over by another worker, and nothing was written; call run() again, or let the other"
                    + " go on");
        }
        copy.beforeCommit().run();
        return new ChunkCopy.Result(read.size(), written);
    }

    /** Returns the keys of the rows that were inserted. */
    private List<TableKey> insert(Connection connection, List<TableKey> keys, List<Fields> fresh) throws SQLException {
        List<TableKey> written = new ArrayList<>(keys.size());
        for (int from = 0; from < fresh.size(); from += PIECE) {
            int to = Math.min(fresh.size(), from + PIECE);
            Savepoint before = connection.setSavepoint();
            try {
                insertAll(connection, fresh.subList(from, to));
                connection.releaseSavepoint(before);
                written.addAll(keys.subList(from, to));
            } catch (SQLException refused) {
                if (!SqlFailure.isRefusal(refused)) {
                    throw refused;
                }
                connection.rollback(before);
                insertOneByOne(connection, keys.subList(from, to), fresh.subList(from, to), written);
            } catch (MigrationException | ArithmeticException | IllegalArgumentException unfit) {
                connection.rollback(before);
                insertOneByOne(connection, keys.subList(from, to), fresh.subList(from, to), written);
            }
        }
        requireKept(connection, written);
        return written;
    }

    private void requireKept(Connection connection, List<TableKey> written) throws SQLException {
        if (KeptKeys.areKept(copy.mapping(), copy.legacy(), target)) {
            return;
        }
        Set<String> kept = target.rows().existing(connection, written);
        for (TableKey key : written) {
            if (!kept.contains(key.canonical())) {
                throw new RowRefusedException(
                        "table '" + target.name() + "' keeps the row with key " + key.canonical()
                                + " under another key than it was given, because a column of its key cuts, pads or rounds what is written to"
                                + " it; give the key's columns types that hold every key of legacy, then run the backfill again");
            }
        }
    }

    private void insertAll(Connection connection, List<Fields> rows) throws SQLException {
        List<Column> columns = copy.mapping().columns(Side.TARGET);
        if (PostgresPipes.serves(target, connection)) {
            PostgresPipe.insert(connection, target.rows().sql(), columns, rows);
            return;
        }
        try (PreparedStatement insert =
                connection.prepareStatement(target.rows().sql().insert(columns))) {
            for (Fields row : rows) {
                TableRows.bind(insert, row, columns, target.dialect());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private void insertOneByOne(Connection connection, List<TableKey> keys, List<Fields> rows, List<TableKey> written)
            throws SQLException {
        List<Column> columns = copy.mapping().columns(Side.TARGET);
        try (PreparedStatement insert =
                connection.prepareStatement(target.rows().sql().insert(columns))) {
            for (int at = 0; at < rows.size(); at++) {
                Savepoint before = connection.setSavepoint();
                try {
                    TableRows.bind(insert, rows.get(at), columns, target.dialect());
                    insert.executeUpdate();
                    connection.releaseSavepoint(before);
                    written.add(keys.get(at));
                } catch (SQLException refused) {
                    if (!SqlFailure.isRefusal(refused)) {
                        throw refused;
                    }
                    connection.rollback(before);
                    if (!isNotOursToInsert(connection, keys.get(at))) {
                        leftOut.add(keys.get(at), reason(refused), refusal(keys.get(at), refused));
                    }
                } catch (UnfitValue unfit) {
                    connection.rollback(before);
                    if (!isNotOursToInsert(connection, keys.get(at))) {
                        leftOut.add(keys.get(at), String.valueOf(unfit.getMessage()), unfit(keys.get(at), unfit));
                    }
                }
            }
        }
    }

    /**
     * Whether a row that was refused need not be inserted: legacy has lost it since it was read, as when its parent was deleted; or a copier
     * has brought it, or is owed to, as when its parent is on its way. The journal is asked before the ledger, and the table after both.
     */
    private boolean isNotOursToInsert(Connection connection, TableKey key) throws SQLException {
        List<String> text = List.of(key.canonical());
        try {
            return copy.legacy().find(List.of(key)).isEmpty()
                    || !journal.owedAmong(text).isEmpty()
                    || !copy.ledger().heldAmong(text).isEmpty()
                    || !target.rows().existing(connection, List.of(key)).isEmpty();
        } catch (SQLException | RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new MigrationException(
                    "could not look for a refused row of table '" + target.name() + "' again", failure);
        }
    }

    private static String reason(SQLException refused) {
        return RefusedBy.rule(refused) + " (SQL state " + refused.getSQLState() + ")";
    }

    private RowRefusedException refusal(TableKey key, SQLException why) {
        return new RowRefusedException(
                "table '" + target.name() + "' refuses the row with key " + key.canonical() + " by " + reason(why)
                        + "; correct the row in legacy, loosen the rule, or derive(..) the column, then run the backfill again");
    }

    private RowRefusedException unfit(TableKey key, UnfitValue why) {
        return new RowRefusedException("the row with key " + key.canonical() + " does not go into table '"
                + target.name() + "': " + why.getMessage() + "; then run the backfill again");
    }

    private static List<String> texts(List<TableKey> keys) {
        return keys.stream().map(TableKey::canonical).toList();
    }
}
