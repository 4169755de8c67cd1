package dev.migrate.jdbc;

import dev.migrate.table.BoundMapping;
import dev.migrate.table.ChunkCopy;
import dev.migrate.table.Column;
import dev.migrate.table.Fields;
import dev.migrate.table.KeyRange;
import dev.migrate.table.TableKey;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/**
 * Rows into PostgreSQL by {@code COPY}, in the transaction of the connection that is given.
 *
 * <p>From PostgreSQL to PostgreSQL the bytes are passed on unread, in the binary format, where every column has the same type on both
 * sides. A statement of COPY takes no parameters: only keys of numbers and UUIDs, which need no quoting, are written into it.
 */
final class PostgresPipe {
    private static final int BUFFER = 1 << 16;

    private PostgresPipe() {}

    /** Whether a connection takes rows by COPY. */
    static boolean takes(Connection connection) throws SQLException {
        return connection.isWrapperFor(PGConnection.class);
    }

    static void pass(Connection legacy, KeysetSql from, Connection target, KeysetSql to, ChunkCopy copy)
            throws SQLException {
        List<BoundMapping.Pair> pairs = copy.mapping().pairs();
        String select = from.names(pairs.stream().map(BoundMapping.Pair::legacy).toList());
        String insert = to.names(pairs.stream().map(BoundMapping.Pair::target).toList());
        CopyOut out = legacy.unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (SELECT " + select + " FROM " + from.table()
                        + where(from, copy.legacy().shape().key(), copy.range()) + ") TO STDOUT (FORMAT binary)");
        try {
            CopyIn in = target.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY " + to.table() + " (" + insert + ") FROM STDIN (FORMAT binary)");
            try {
                for (byte[] bytes = out.readFromCopy(); bytes != null; bytes = out.readFromCopy()) {
                    in.writeToCopy(bytes, 0, bytes.length);
                }
                in.endCopy();
            } finally {
                end(in);
            }
        } finally {
            end(out);
        }
    }

    /** A copy that was not ended would keep its connection from ever being used again. */
    private static void end(org.postgresql.copy.CopyOperation copy) throws SQLException {
        if (copy.isActive()) {
            copy.cancelCopy();
        }
    }

    private static String where(KeysetSql sql, List<Column> key, KeyRange range) {
        List<String> bounds = new ArrayList<>();
        String columns = "(" + sql.names(key) + ")";
        if (range.after() != null) {
            bounds.add(columns + " > " + literals(range.after()));
        }
        if (range.upTo() != null) {
            bounds.add(columns + " <= " + literals(range.upTo()));
        }
        return bounds.isEmpty() ? "" : " WHERE " + String.join(" AND ", bounds);
    }

    private static String literals(TableKey key) {
        return key.values().stream().map(PostgresPipe::literal).collect(Collectors.joining(", ", "(", ")"));
    }

    private static String literal(Object value) {
        if (value instanceof Long number) {
            return number.toString();
        }
        if (value instanceof UUID uuid) {
            return "'" + uuid + "'::uuid";
        }
        throw new IllegalStateException("a key of " + value.getClass() + " cannot be written into a statement");
    }

    /** Inserts rows whose values are in the order of the columns. */
    static void insert(Connection connection, KeysetSql sql, List<Column> columns, List<Fields> rows)
            throws SQLException {
        CopyIn in = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY " + sql.table() + " (" + sql.names(columns) + ") FROM STDIN");
        try {
            StringBuilder text = new StringBuilder(BUFFER + 1_024);
            for (Fields row : rows) {
                CopyText.append(text, row, columns);
                if (text.length() >= BUFFER) {
                    flush(in, text);
                }
            }
            flush(in, text);
            in.endCopy();
        } finally {
            end(in);
        }
    }

    private static void flush(CopyIn in, StringBuilder text) throws SQLException {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        in.writeToCopy(bytes, 0, bytes.length);
        text.setLength(0);
    }
}
