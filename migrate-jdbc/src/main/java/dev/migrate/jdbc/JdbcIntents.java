package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.RefusedWriteException;
import dev.migrate.Version;
import dev.migrate.jdbc.IntentRows.Overdue;
import dev.migrate.side.Debt;
import dev.migrate.side.Intent;
import dev.migrate.side.Intents;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Intents in the side's database, or in the store's.
 *
 * <p>Each call takes a connection of its own, outside of the thread's transaction, and is begun again where other transactions were in
 * the way: the database has then undone it whole.
 */
final class JdbcIntents implements Intents {
    private static final int ATTEMPTS = 10;

    private final BookId id;
    private final IntentRows rows;
    private final TransactionBinding binding;
    private final Dialect dialect;
    private final InstantSource time;

    JdbcIntents(BookId id, TransactionBinding binding, Dialect dialect, InstantSource time) {
        this.id = id;
        this.rows = new IntentRows(id);
        this.binding = binding;
        this.dialect = dialect;
        this.time = time;
    }

    @Override
    public Intent begin(SideBooks.Key key, Instant deadline, String owner) {
        StorableText.key(key.text());
        StorableText.check("the owner of an intent", Intent.checkedOwner(owner));
        Optional<Version> begun = transaction(
                "announce a write",
                connection -> dialect.begin(connection, id, key, now(), UtcTime.of(deadline), owner));
        return begun.map(version ->
                        new Intent(key.text(), key.segment(), version, deadline.truncatedTo(ChronoUnit.MICROS), owner))
                .orElseThrow(() -> new RefusedWriteException(id + " refuses to announce a write in segment "
                        + key.segment()
                        + ": at this moment the side is not authoritative for it; refresh the migration,"
                        + " and begin again on the side that is"));
    }

    @Override
    public boolean acknowledge(Intent intent) {
        return transaction("acknowledge a write", connection -> {
            if (!rows.remove(connection, intent)) {
                return false;
            }
            owe(connection, new SideBooks.Key(intent.key(), intent.segment()));
            return true;
        });
    }

    @Override
    public int settleOverdue(Instant now, int limit) {
        return transaction("settle overdue writes", connection -> {
            List<Overdue> overdue = rows.overdue(connection, UtcTime.of(now), limit);
            rows.remove(connection, overdue.stream().map(Overdue::version).toList());
            // All in one order, so that two who owe the same keys do not wait for each other.
            List<SideBooks.Key> keys = overdue.stream()
                    .map(Overdue::key)
                    .distinct()
                    .sorted(Comparator.comparing(SideBooks.Key::text))
                    .toList();
            for (SideBooks.Key key : keys) {
                owe(connection, key);
            }
            return overdue.size();
        });
    }

    /** Whatever the side's role: what was done there is owed, and is moved to where it belongs. */
    private void owe(Connection connection, SideBooks.Key key) throws SQLException {
        LocalDateTime now = now();
        if (dialect.admit(connection, id, key, now, now, true).isEmpty()) {
            throw new MigrationException(id + " has an intent in segment " + key.segment()
                    + ", but no role there; build the router again, which gives the side its roles");
        }
    }

    @Override
    public boolean isBegun(String key) {
        return transaction("look up a write", connection -> rows.isBegun(connection, key));
    }

    @Override
    public Debt debt(SegmentRange range) {
        return transaction("count writes", connection -> rows.debt(connection, range));
    }

    private LocalDateTime now() {
        return UtcTime.of(time.instant());
    }

    private <T> T transaction(String doing, SqlWork<T> work) {
        for (int attempt = 1; ; attempt++) {
            try (Connection connection = binding.newConnection()) {
                return OwnTransaction.run(connection, work);
            } catch (SQLException failure) {
                if (!SqlFailure.isContention(failure) || attempt == ATTEMPTS) {
                    throw SqlFailure.of(doing + " of " + id, failure);
                }
            }
        }
    }
}
