package dev.migrate.verify.cluster.backfill;

import dev.migrate.jdbc.JdbcTable;
import dev.migrate.table.ChunkCopy;
import dev.migrate.table.Fields;
import dev.migrate.table.Row;
import dev.migrate.table.TableKey;
import dev.migrate.table.TableSide;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;

/** The broken variants of copying a chunk: its rows and the note that it is copied do not commit together. */
final class SplitCopy {
    private static final int PIECE = 20;
    private final DataSource target;
    private final Variant variant;

    private SplitCopy(DataSource target, Variant variant) {
        this.target = target;
        this.variant = variant;
    }

    /** The table, but for how it copies. */
    static TableSide of(JdbcTable table, DataSource database, Variant variant) {
        SplitCopy split = new SplitCopy(database, variant);
        return (TableSide) Proxy.newProxyInstance(
                TableSide.class.getClassLoader(), new Class<?>[] {TableSide.class}, (proxy, method, given) -> {
                    if (method.getName().equals("copy")) {
                        return split.copy((ChunkCopy) given[0]);
                    }
                    try {
                        return method.invoke(table, given);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    private ChunkCopy.Result copy(ChunkCopy copy) throws Exception {
        List<Row> rows = new ArrayList<>();
        copy.legacy().scan(copy.range(), rows::add);
        List<TableKey> keys = rows.stream().map(Row::key).toList();
        try (Connection connection = target.getConnection()) {
            if (variant == Variant.NOTED_FIRST) {
                note(connection, copy, rows.size());
            }
            for (int from = 0; from < rows.size(); from += PIECE) {
                write(connection, rows.subList(from, Math.min(rows.size(), from + PIECE)));
            }
            if (variant == Variant.NOTED_LAST) {
                note(connection, copy, rows.size());
            }
        }
        return new ChunkCopy.Result(rows.size(), keys);
    }

    private static void write(Connection connection, List<Row> rows) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement upsert = connection.prepareStatement(Document.UPSERT)) {
            for (Row row : rows) {
                Fields fields = row.fields();
                new Document(
                                (Long) row.key().values().get(0),
                                Objects.requireNonNull(fields.text("content")),
                                Objects.requireNonNull(fields.text("payload")))
                        .bind(upsert);
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static void note(Connection connection, ChunkCopy copy, int rows) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE migrate_chunk SET state = 'COPIED',"
                        + " rows_read = ?, rows_written = ? WHERE migration = ? AND chunk = ? AND token = ? AND state = 'OPEN'")) {
            update.setInt(1, rows);
            update.setInt(2, rows);
            update.setString(3, copy.migration());
            update.setInt(4, copy.chunk().number());
            update.setLong(5, copy.chunk().token());
            update.executeUpdate();
        }
    }
}
