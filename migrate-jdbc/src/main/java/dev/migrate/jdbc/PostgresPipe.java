package dev.migrate.jdbc;

import dev.migrate.table.BoundMapping;
import dev.migrate.table.ChunkCopy;
import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import dev.migrate.table.Fields;
import dev.migrate.table.KeyRange;
import dev.migrate.table.TableKey;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
    private static final Set<Kind> WRITABLE_KEYS = Set.of(Kind.INTEGER, Kind.UUID);
    private static final Set<String> PORTABLE = Set.of("json", "jsonb", "inet", "cidr", "interval", "macaddr");
    private static final int BUFFER = 1 << 16;
    private static final boolean HAS_DRIVER = hasDriver();

    private PostgresPipe() {}

    private static boolean hasDriver() {
        try {
            Class.forName("org.postgresql.PGConnection", false, PostgresPipe.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }

    /** Whether bytes can be passed on from one table to the other. */
    static boolean serves(JdbcTable source, JdbcTable target, BoundMapping mapping) {
        return HAS_DRIVER
                && source.dialect() == TableDialect.POSTGRESQL
                && target.dialect() == TableDialect.POSTGRESQL
                && mapping.isPlain()
                && target.ordersLike(source)
                && source.shape().key().stream().allMatch(column -> WRITABLE_KEYS.contains(column.kind()))
                && mapping.pairs().stream().allMatch(PostgresPipe::areAlike);
    }

    private static boolean areAlike(BoundMapping.Pair pair) {
        String legacy = base(pair.legacy());
        String target = base(pair.target());
        return pair.legacy().kind() == Kind.OTHER
                ? legacy.equals(target) && PORTABLE.contains(legacy)
                : legacy.equals(target) || (isText(legacy) && isText(target));
    }

    private static boolean isText(String type) {
        return type.equals("text") || type.equals("varchar");
    }

    private static String base(Column column) {
        String type = column.type();
        int size = type.indexOf('(');
        String name = size < 0 ? type : type.substring(0, size);
        return switch (name) {
            case "bigserial" -> "int8";
            case "serial" -> "int4";
            case "smallserial" -> "int2";
            default -> name;
        };
    }

    /** Whether a connection to a table takes rows by COPY. */
    static boolean serves(JdbcTable target, Connection connection) throws SQLException {
        return HAS_DRIVER && target.dialect() == TableDialect.POSTGRESQL && connection.isWrapperFor(PGConnection.class);
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
