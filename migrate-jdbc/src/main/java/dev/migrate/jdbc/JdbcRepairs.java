package dev.migrate.jdbc;

import dev.migrate.side.RepairedRow;
import dev.migrate.side.Repairs;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What repairs have done, in the side's database. */
final class JdbcRepairs implements Repairs {
    private static final String OF_SIDE = " where migration = ? and records = ? and side = ?";
    private static final String SELECT =
            "select run_id, line, record_key, cursor_text, repaired_at, repaired_by, reason,"
                    + " undoes, before_row, after_row, undone_by from migrate_repair" + OF_SIDE;

    private final BookId id;
    private final BookStatements statements;

    JdbcRepairs(BookId id, BookStatements statements) {
        this.id = id;
        this.statements = statements;
    }

    @Override
    public void add(RepairedRow row) {
        StorableText.check("who", row.who());
        StorableText.check("why", row.why());
        statements.partOfTransaction("keep a repair", connection -> {
            try (PreparedStatement insert =
                    connection.prepareStatement("insert into migrate_repair (migration, records,"
                            + " side, run_id, line, record_key, cursor_text, repaired_at, repaired_by, reason, undoes, before_row,"
                            + " after_row, undone_by) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
                int next = id.bind(insert, 1);
                insert.setString(next++, row.run());
                insert.setInt(next++, row.line());
                insert.setString(next++, row.key());
                insert.setString(next++, row.cursor());
                insert.setObject(next++, UtcTime.of(row.at()));
                insert.setString(next++, row.who());
                insert.setString(next++, row.why());
                insert.setString(next++, row.undoes());
                image(insert, next++, row.before());
                image(insert, next++, row.after());
                insert.setString(next, row.undoneBy());
                return insert.executeUpdate();
            }
        });
    }

    private static void image(PreparedStatement insert, int at, RepairedRow.@Nullable Image image) throws SQLException {
        if (image == null) {
            insert.setNull(at, Types.VARBINARY);
        } else {
            insert.setBytes(at, image.bytes());
        }
    }

    @Override
    public List<RepairedRow> rows(String run, int afterLine, int limit) {
        return statements.statement("read what a repair has done", connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement(SELECT + " and run_id = ? and line > ? order by line limit ?")) {
                int next = id.bind(select, 1);
                select.setString(next, run);
                select.setInt(next + 1, afterLine);
                select.setInt(next + 2, limit);
                return read(select);
            }
        });
    }

    @Override
    public boolean undone(String run, int line, String by) {
        return statements.partOfTransaction("note that a repair is undone", connection -> {
            try (PreparedStatement update = connection.prepareStatement("update migrate_repair set undone_by = ?"
                    + OF_SIDE + " and run_id = ? and line = ? and undone_by is null")) {
                update.setString(1, by);
                int next = id.bind(update, 2);
                update.setString(next, run);
                update.setInt(next + 1, line);
                return update.executeUpdate() > 0;
            }
        });
    }

    @Override
    public List<RepairedRow> latest(int limit) {
        return statements.statement("list repairs", connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement(SELECT + " order by repaired_at desc, line desc limit ?")) {
                select.setInt(id.bind(select, 1), limit);
                return read(select);
            }
        });
    }

    @Override
    public int forget(Instant before) {
        return statements.statement("forget repairs", connection -> {
            try (PreparedStatement delete =
                    connection.prepareStatement("delete from migrate_repair" + OF_SIDE + " and repaired_at < ?")) {
                delete.setObject(id.bind(delete, 1), UtcTime.of(before));
                return delete.executeUpdate();
            }
        });
    }

    private static List<RepairedRow> read(PreparedStatement select) throws SQLException {
        try (ResultSet rows = select.executeQuery()) {
            List<RepairedRow> found = new ArrayList<>();
            while (rows.next()) {
                found.add(new RepairedRow(
                        rows.getString(1),
                        rows.getInt(2),
                        rows.getString(3),
                        rows.getString(4),
                        UtcTime.instant(rows.getObject(5, LocalDateTime.class)),
                        rows.getString(6),
                        rows.getString(7),
                        rows.getString(8),
                        image(rows, 9),
                        image(rows, 10),
                        rows.getString(11)));
            }
            return found;
        }
    }

    private static RepairedRow.@Nullable Image image(ResultSet rows, int column) throws SQLException {
        byte[] bytes = rows.getBytes(column);
        return bytes == null ? null : new RepairedRow.Image(bytes);
    }
}
