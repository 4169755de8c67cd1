package dev.migrate.jdbc;

import dev.migrate.Version;
import dev.migrate.side.SideBooks.LedgerKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a side's ledger page by page, in the order of its primary key. */
final class LedgerRows {
    private static final String SELECT = "select record_key, epoch, seq from migrate_ledger" + Journal.OF_SIDE;

    private LedgerRows() {}

    /** A page; of later versions than {@code since} alone, where that is not null. */
    static List<LedgerKey> page(
            Connection connection, BookId id, @Nullable Version since, @Nullable String after, int limit)
            throws SQLException {
        String condition = (since == null ? "" : " and (epoch > ? or (epoch = ? and seq > ?))")
                + (after == null ? "" : " and record_key > ?");
        try (PreparedStatement select =
                connection.prepareStatement(SELECT + condition + " order by record_key limit ?")) {
            int next = id.bind(select, 1);
            if (since != null) {
                select.setLong(next++, since.epoch());
                select.setLong(next++, since.epoch());
                select.setLong(next++, since.sequence());
            }
            if (after != null) {
                select.setString(next++, after);
            }
            select.setInt(next, limit);
            List<LedgerKey> keys = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    keys.add(new LedgerKey(rows.getString(1), new Version(rows.getLong(2), rows.getLong(3))));
                }
            }
            return keys;
        }
    }
}
