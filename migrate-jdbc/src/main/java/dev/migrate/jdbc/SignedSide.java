package dev.migrate.jdbc;

import dev.migrate.table.Column;
import dev.migrate.table.KeyRange;
import dev.migrate.table.RangeSignatures.Chunk;
import dev.migrate.table.RangeSignatures.Signature;
import dev.migrate.table.TableKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One side's table while its ranges are signed, on one connection on which each statement is a transaction of its own.
 *
 * <p>A comparison asks for hundreds of ranges, each of which takes the server a few milliseconds: beginning and ending a transaction for each
 * would cost as many round trips again. Thread-safe; the connection is opened when first needed and given back by {@link #close}.
 */
final class SignedSide implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SignedSide.class);
    /** The kinds of keys of which PostgreSQL has a greatest, in the order of the key; of UUIDs and bytes it has none before version 18. */
    private static final Set<Column.Kind> WITH_GREATEST = EnumSet.of(
            Column.Kind.INTEGER,
            Column.Kind.DECIMAL,
            Column.Kind.TEXT,
            Column.Kind.DATE,
            Column.Kind.TIMESTAMP,
            Column.Kind.INSTANT);

    private static final int AFTER_SUMS = 4;
    private final JdbcTable table;
    private final PostgresRowHash hash;
    private @Nullable Connection held;
    private boolean wasAutoCommit;

    SignedSide(JdbcTable table, PostgresRowHash hash) {
        this.table = table;
        this.hash = hash;
    }

    private Connection connection() throws SQLException {
        Connection known = held;
        if (known == null) {
            known = table.bulkConnection();
            held = known;
            wasAutoCommit = known.getAutoCommit();
            known.setAutoCommit(true);
        }
        return known;
    }

    synchronized Optional<TableKey> boundary(KeyRange range, int rows) throws SQLException {
        return table.rows().boundary(connection(), range, rows);
    }

    /** The first rows of a range, which has an end, by one statement; empty where the greatest of their keys cannot be asked for. */
    synchronized Optional<Chunk> first(KeyRange range, int rows, long[] seeds) throws SQLException {
        TableRows of = table.rows();
        List<Column> key = table.shape().key();
        if (key.size() > 1 || !WITH_GREATEST.contains(key.get(0).kind())) {
            return Optional.empty();
        }
        String from = of.sql().table() + of.sql().where(range);
        try (PreparedStatement select =
                connection().prepareStatement(hash.sumsOfFirst(from, of.sql().name(key.get(0))))) {
            select.setLong(1, seeds[0]);
            select.setLong(2, seeds[1]);
            select.setInt(of.sql().bind(select, 3, range), rows);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                Signature signature = signature(row);
                KeyRange read = signature.rows() < rows
                        ? range
                        : new KeyRange(range.after(), of.keys().read(row, AFTER_SUMS));
                return Optional.of(new Chunk(read, signature));
            }
        }
    }

    synchronized List<TableKey> everyNth(KeyRange range, int rows) throws SQLException {
        return table.rows().everyNth(connection(), range, rows);
    }

    /** All statements in one round trip. */
    synchronized List<Signature> signatures(List<KeyRange> ranges, long[] seeds) throws SQLException {
        KeysetSql sql = table.rows().sql();
        String all = String.join(
                ";",
                ranges.stream()
                        .map(range -> hash.sums(sql.table() + sql.where(range)))
                        .toList());
        try (PreparedStatement select = connection().prepareStatement(all)) {
            int at = 1;
            for (KeyRange range : ranges) {
                select.setLong(at++, seeds[0]);
                select.setLong(at++, seeds[1]);
                at = sql.bind(select, at, range);
            }
            select.execute();
            List<Signature> signatures = new ArrayList<>(ranges.size());
            for (int range = 0; range < ranges.size(); range++) {
                signatures.add(signature(select));
                select.getMoreResults();
            }
            return signatures;
        }
    }

    private static Signature signature(PreparedStatement executed) throws SQLException {
        try (ResultSet row = executed.getResultSet()) {
            row.next();
            return signature(row);
        }
    }

    private static Signature signature(ResultSet row) throws SQLException {
        return new Signature(
                row.getLong(1),
                row.getBigDecimal(2).toBigIntegerExact(),
                row.getBigDecimal(3).toBigIntegerExact());
    }

    @Override
    public synchronized void close() {
        Connection known = held;
        held = null;
        if (known != null) {
            try (known) {
                known.setAutoCommit(wasAutoCommit);
            } catch (SQLException failure) {
                // It is broken, which whoever used it last was told; the pool finds out as well.
                LOG.debug(
                        "a connection to '{}' was not given back as it was: SQLSTATE {}", this, failure.getSQLState());
            }
        }
    }

    @Override
    public String toString() {
        return table.name();
    }
}
