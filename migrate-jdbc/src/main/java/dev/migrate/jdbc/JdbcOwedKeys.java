package dev.migrate.jdbc;

import static dev.migrate.jdbc.Journal.DISMISSED;
import static dev.migrate.jdbc.Journal.NOT_DISMISSED;
import static dev.migrate.jdbc.Journal.OF_KEY;
import static dev.migrate.jdbc.Journal.OF_SIDE;
import static dev.migrate.jdbc.Journal.SELECT;

import dev.migrate.side.Debt;
import dev.migrate.side.Dismissal;
import dev.migrate.side.Owed;
import dev.migrate.side.OwedKeys;
import dev.migrate.side.SegmentRange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is seen and decided of the journal in a side's database.
 *
 * <p>A dismissed key stays parked, so that a node which does not know of dismissals neither tries it nor hands its segment over.
 */
final class JdbcOwedKeys implements OwedKeys {
    private final BookId id;
    private final BookStatements statements;
    private final KeyLookup lookup;

    JdbcOwedKeys(BookId id, BookStatements statements, KeyLookup lookup) {
        this.id = id;
        this.statements = statements;
        this.lookup = lookup;
    }

    @Override
    public boolean dismiss(String key, Dismissal dismissal) {
        StorableText.check("who", dismissal.who());
        StorableText.check("why", dismissal.why());
        return statements.statement("dismiss a debt", connection -> dismiss(connection, key, dismissal));
    }

    private boolean dismiss(Connection connection, String key, Dismissal dismissal) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update migrate_journal set dismissed_by = ?,"
                + " dismissed_why = ?, dismissed_at = ?, dismissed_epoch = epoch, dismissed_seq = seq" + OF_KEY
                + " and parked = true and " + NOT_DISMISSED)) {
            update.setString(1, dismissal.who());
            update.setString(2, dismissal.why());
            update.setObject(3, UtcTime.of(dismissal.at()));
            update.setString(id.bind(update, 4), key);
            return update.executeUpdate() > 0;
        }
    }

    @Override
    public List<Owed> dismissed(int limit) {
        return oldest("list dismissed debts", " and " + DISMISSED, limit);
    }

    List<Owed> parked(int limit) {
        return oldest("list parked debts", " and parked = true and " + NOT_DISMISSED, limit);
    }

    private List<Owed> oldest(String doing, String condition, int limit) {
        return statements.statement(doing, connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement(SELECT + condition + " order by since, record_key limit ?")) {
                select.setInt(id.bind(select, 1), limit);
                return Journal.read(select);
            }
        });
    }

    @Override
    public Set<String> dismissedAmong(Collection<String> keys) {
        return lookup.among("migrate_journal", " and " + DISMISSED, keys);
    }

    @Override
    public List<Owed> page(@Nullable String after, int limit) {
        String condition = after == null ? "" : " and record_key > ?";
        return statements.statement("list debts", connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement(SELECT + condition + " order by record_key limit ?")) {
                int next = id.bind(select, 1);
                if (after != null) {
                    select.setString(next++, after);
                }
                select.setInt(next, limit);
                return Journal.read(select);
            }
        });
    }

    /** As many from before the moment as from after it. */
    List<Owed> conflicting(Instant around, int limit) {
        return statements.statement("list debts in each other's way", connection -> {
            List<Owed> found = new ArrayList<>(
                    conflicting(connection, " and since >= ? order by since, record_key limit ?", around, limit));
            List<Owed> before =
                    conflicting(connection, " and since < ? order by since desc, record_key limit ?", around, limit);
            int fromBefore = Math.min(before.size(), Math.max(limit / 2, limit - found.size()));
            found.subList(Math.min(found.size(), limit - fromBefore), found.size())
                    .clear();
            found.addAll(before.subList(0, fromBefore));
            return found;
        });
    }

    private List<Owed> conflicting(Connection connection, String condition, Instant around, int limit)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(SELECT + " and conflicting = true and " + NOT_DISMISSED + condition)) {
            int next = id.bind(select, 1);
            select.setObject(next, UtcTime.of(around));
            select.setInt(next + 1, limit);
            return Journal.read(select);
        }
    }

    boolean retry(String key, LocalDateTime now) {
        return statements.statement("retry a debt", connection -> {
            try (PreparedStatement update = connection.prepareStatement("update migrate_journal set parked = false,"
                    + " attempts = 0, not_before = ?, claimed_by = null, claimed_until = null, dismissed_by = null,"
                    + " dismissed_why = null, dismissed_at = null, dismissed_epoch = null, dismissed_seq = null"
                    + OF_KEY
                    + " and parked = true")) {
                update.setObject(1, now);
                update.setString(id.bind(update, 2), key);
                return update.executeUpdate() > 0;
            }
        });
    }

    Debt debt(SegmentRange range) {
        return statements.statement("count debts", connection -> debt(connection, range));
    }

    private Debt debt(Connection connection, SegmentRange range) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select count(*),"
                + " coalesce(sum(case when parked then 1 else 0 end), 0),"
                + " coalesce(sum(case when " + DISMISSED + " then 1 else 0 end), 0),"
                + " min(case when " + DISMISSED + " then null else since end),"
                + " min(case when parked then null else since end)"
                + " from migrate_journal" + OF_SIDE + " and segment >= ? and segment < ?")) {
            int next = id.bind(select, 1);
            select.setInt(next, range.from());
            select.setInt(next + 1, range.to());
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                long dismissed = rows.getLong(3);
                return new Debt(
                        rows.getLong(1) - dismissed,
                        rows.getLong(2) - dismissed,
                        dismissed,
                        0,
                        instant(rows, 4),
                        instant(rows, 5));
            }
        }
    }

    private static Optional<Instant> instant(ResultSet rows, int column) throws SQLException {
        return Optional.ofNullable(rows.getObject(column, LocalDateTime.class)).map(UtcTime::instant);
    }
}
