package dev.migrate.jdbc;

import static dev.migrate.reconcile.Difference.Kind.DIFFERENT;
import static dev.migrate.reconcile.Difference.Kind.EXTRA_IN_TARGET;
import static dev.migrate.reconcile.Difference.Kind.MISSING_IN_TARGET;

import dev.migrate.internal.StoredNames;
import dev.migrate.reconcile.Pass;
import dev.migrate.reconcile.PassHistory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What passes have found, in a store's database.
 *
 * <p>Passes that are not of kind FULL are kept beside the others, under a name that is the records' and yet of no records: a node of a version that knows no
 * other kind neither fails at them nor takes one for a clean pass.
 */
final class JdbcPasses implements PassHistory {
    private static final int LONGEST = 100;
    private static final String BESIDE = "~changed~/";
    private static final String OF_RECORDS = " where migration = ? and records in (?, ?)";
    private static final String FULL = " and kind = 'FULL'";
    private static final String SELECT =
            "select pass_id, kind, began_at, took_nanos, compared, missing, extra, different,"
                    + " in_flight, hot, beyond, repaired, clean from migrate_pass" + OF_RECORDS;

    private final JdbcMigrationStore store;
    private final String migration;
    private final String records;
    private final String beside;

    JdbcPasses(JdbcMigrationStore store, String migration, String records) {
        this.store = store;
        this.migration = migration;
        this.records = records;
        this.beside = StoredNames.of(BESIDE + records, LONGEST);
    }

    private int bind(PreparedStatement statement, int first) throws SQLException {
        statement.setString(first, migration);
        statement.setString(first + 1, records);
        statement.setString(first + 2, beside);
        return first + 3;
    }

    @Override
    public void add(Pass pass) {
        store.ask("keep what a pass has found", connection -> insert(connection, pass));
    }

    private int insert(Connection connection, Pass pass) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("insert into migrate_pass (migration, records, pass_id,"
                        + " kind, began_at, took_nanos, compared, missing, extra, different, in_flight, hot, beyond, repaired,"
                        + " clean) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            int next = 1;
            insert.setString(next++, migration);
            insert.setString(next++, pass.kind() == Pass.Kind.FULL ? records : beside);
            insert.setString(next++, pass.id());
            insert.setString(next++, pass.kind().name());
            insert.setObject(next++, UtcTime.of(pass.began()));
            insert.setLong(next++, pass.took().toNanos());
            insert.setLong(next++, pass.rowsCompared());
            insert.setLong(next++, pass.count(MISSING_IN_TARGET));
            insert.setLong(next++, pass.count(EXTRA_IN_TARGET));
            insert.setLong(next++, pass.count(DIFFERENT));
            insert.setLong(next++, pass.inFlight());
            insert.setLong(next++, pass.hot());
            insert.setLong(next++, pass.notLookedAtAgain());
            insert.setLong(next++, pass.repaired());
            insert.setBoolean(next, pass.isClean());
            return insert.executeUpdate();
        }
    }

    @Override
    public void repaired(String pass, long rows) {
        store.ask("keep what a repair has mended", connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "update migrate_pass set repaired = repaired + ?" + OF_RECORDS + " and pass_id = ?")) {
                update.setLong(1, rows);
                update.setString(bind(update, 2), pass);
                return update.executeUpdate();
            }
        });
    }

    @Override
    public List<Pass> latest(int limit) {
        return read(" order by began_at desc, pass_id desc limit ?", limit);
    }

    @Override
    public Optional<Pass> firstClean() {
        return read(FULL + " and clean = true order by began_at, pass_id limit ?", 1).stream()
                .findFirst();
    }

    @Override
    public int forget(Instant before) {
        String kept = firstClean().map(Pass::id).orElse("");
        return store.ask("forget passes", connection -> {
            try (PreparedStatement delete = connection.prepareStatement(
                    "delete from migrate_pass" + OF_RECORDS + " and began_at < ? and pass_id <> ?")) {
                int next = bind(delete, 1);
                delete.setObject(next, UtcTime.of(before));
                delete.setString(next + 1, kept);
                return delete.executeUpdate();
            }
        });
    }

    private List<Pass> read(String which, int limit) {
        return store.ask("read what passes have found", connection -> {
            try (PreparedStatement select = connection.prepareStatement(SELECT + which)) {
                select.setInt(bind(select, 1), limit);
                try (ResultSet rows = select.executeQuery()) {
                    List<Pass> found = new ArrayList<>();
                    while (rows.next()) {
                        found.add(pass(rows));
                    }
                    return found;
                }
            }
        });
    }

    private static Pass pass(ResultSet rows) throws SQLException {
        return new Pass(
                rows.getString(1),
                Pass.Kind.valueOf(rows.getString(2)),
                UtcTime.instant(rows.getObject(3, LocalDateTime.class)),
                Duration.ofNanos(rows.getLong(4)),
                rows.getLong(5),
                Map.of(
                        MISSING_IN_TARGET,
                        rows.getLong(6),
                        EXTRA_IN_TARGET,
                        rows.getLong(7),
                        DIFFERENT,
                        rows.getLong(8)),
                rows.getLong(9),
                rows.getLong(10),
                rows.getLong(11),
                rows.getLong(12),
                rows.getBoolean(13));
    }
}
