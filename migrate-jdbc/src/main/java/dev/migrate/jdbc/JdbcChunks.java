package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.table.Chunks;
import dev.migrate.table.RefusedRows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The state of one backfill in {@code migrate_backfill} and {@code migrate_chunk}. */
final class JdbcChunks implements Chunks {
    private static final String CHUNK = "select chunk, after_key, upto_key, state, token from migrate_chunk";
    private static final String OF_THIS = " where migration = ? and records = ? and generation = ?";

    /** One state at a time: an index has each in order, and what is done is not read. As literals: a plan that is kept knows them too. */
    private static final String TO_CLAIM = "select * from (" + toClaim(State.OPEN) + " union all "
            + toClaim(State.COPIED) + ") undone order by chunk limit 1";

    private final TransactionBinding binding;
    private final String migration;
    private final String records;
    private final long generation;

    JdbcChunks(TransactionBinding binding, String migration, String records, long generation) {
        this.binding = binding;
        this.migration = migration;
        this.records = records;
        this.generation = generation;
    }

    @Override
    public Optional<Run> find() {
        return run("read", connection -> find(connection));
    }

    private Optional<Run> find(Connection connection) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select last_key, expected_rows from migrate_backfill" + OF_THIS)) {
            bindThis(select, 1);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(new Run(rows.getString(1), rows.getLong(2))) : Optional.empty();
            }
        }
    }

    @Override
    public Run begin(Run run) {
        try {
            return run("begin", connection -> {
                try (PreparedStatement insert =
                        connection.prepareStatement("insert into migrate_backfill (migration, records, generation,"
                                + " last_key, expected_rows) values (?, ?, ?, ?, ?)")) {
                    int at = bindThis(insert, 1);
                    insert.setString(at++, run.last());
                    insert.setLong(at, run.expectedRows());
                    insert.executeUpdate();
                    return run;
                }
            });
        } catch (MigrationException another) {
            if (isDuplicate(another)) {
                return find().orElseThrow(() -> another);
            }
            throw another;
        }
    }

    @Override
    public Optional<Chunk> latest() {
        return run("read", this::latest);
    }

    Optional<Chunk> latest(Connection connection) throws SQLException {
        // All of the index, because H2 takes one for its order only where the order names all of its columns.
        String last = " order by migration desc, records desc, generation desc, chunk desc limit 1";
        try (PreparedStatement select = connection.prepareStatement(CHUNK + OF_THIS + last)) {
            bindThis(select, 1);
            return one(select);
        }
    }

    @Override
    public Optional<Chunk> plan(int number, @Nullable String after, String upTo, Claim claim) {
        try {
            return run("plan a chunk of", connection -> {
                try (PreparedStatement insert =
                        connection.prepareStatement("insert into migrate_chunk (migration, records, generation, chunk,"
                                + " after_key, upto_key, state, token, claimed_by, claimed_until, attempts, rows_read,"
                                + " rows_written) values (?, ?, ?, ?, ?, ?, 'OPEN', 1, ?, ?, 1, 0, 0)")) {
                    int at = bindThis(insert, 1);
                    insert.setInt(at++, number);
                    insert.setString(at++, after);
                    insert.setString(at++, upTo);
                    insert.setString(at++, claim.worker());
                    insert.setObject(at, utc(claim.until()));
                    insert.executeUpdate();
                    return Optional.of(new Chunk(number, after, upTo, State.OPEN, 1));
                }
            });
        } catch (MigrationException failure) {
            if (isDuplicate(failure)) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    @Override
    public Optional<Chunk> claim(Claim claim) {
        return run("claim a chunk of", connection -> {
            Optional<Chunk> found = firstToClaim(connection, claim);
            return found.isEmpty() ? found : claim(connection, found.get(), claim);
        });
    }

    private static String toClaim(State state) {
        return "(" + CHUNK + OF_THIS + " and state = '" + state.name()
                + "' and (claimed_until is null or claimed_until <= ? or claimed_by = ?) order by chunk limit 1)";
    }

    Optional<Chunk> firstToClaim(Connection connection, Claim claim) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(TO_CLAIM)) {
            bindToClaim(select, bindToClaim(select, 1, claim), claim);
            return one(select);
        }
    }

    private int bindToClaim(PreparedStatement select, int from, Claim claim) throws SQLException {
        int at = bindThis(select, from);
        select.setObject(at++, utc(claim.now()));
        select.setString(at++, claim.worker());
        return at;
    }

    private Optional<Chunk> claim(Connection connection, Chunk chunk, Claim claim) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update migrate_chunk set token = token + 1,"
                + " attempts = attempts + 1, claimed_by = ?, claimed_until = ?" + OF_THIS
                + " and chunk = ? and token = ? and state = ?")) {
            update.setString(1, claim.worker());
            update.setObject(2, utc(claim.until()));
            int at = bindThis(update, 3);
            update.setInt(at++, chunk.number());
            update.setLong(at++, chunk.token());
            update.setString(at, chunk.state().name());
            return update.executeUpdate() == 1
                    ? Optional.of(
                            new Chunk(chunk.number(), chunk.after(), chunk.upTo(), chunk.state(), chunk.token() + 1))
                    : Optional.empty();
        }
    }

    @Override
    public Optional<Chunk> split(Chunk chunk, String at) {
        try {
            return run("split a chunk of", connection -> split(connection, chunk, at));
        } catch (MigrationException failure) {
            if (isDuplicate(failure)) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    /** The latest chunk keeps its end, where the next one will be planned to begin. */
    private Optional<Chunk> split(Connection connection, Chunk chunk, String at) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update migrate_chunk set after_key = ?,"
                + " token = token + 1" + OF_THIS + " and chunk = ? and token = ? and state = 'OPEN'")) {
            update.setString(1, at);
            int place = bindThis(update, 2);
            update.setInt(place++, chunk.number());
            update.setLong(place, chunk.token());
            if (update.executeUpdate() == 0) {
                return Optional.empty();
            }
        }
        try (PreparedStatement insert = connection.prepareStatement("insert into migrate_chunk (migration, records,"
                + " generation, chunk, after_key, upto_key, state, token, attempts, rows_read, rows_written)"
                + " values (?, ?, ?, ?, ?, ?, 'OPEN', 0, 0, 0, 0)")) {
            int place = bindThis(insert, 1);
            insert.setInt(place++, Math.min(1, lowest(connection)) - 1);
            insert.setString(place++, chunk.after());
            insert.setString(place, at);
            insert.executeUpdate();
        }
        return Optional.of(new Chunk(chunk.number(), at, chunk.upTo(), State.OPEN, chunk.token() + 1));
    }

    private int lowest(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select min(chunk) from migrate_chunk" + OF_THIS)) {
            bindThis(select, 1);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    /** Marks a chunk, which may have been copied but for some rows, as copied in the transaction of the connection; false where the token has moved on. */
    boolean copied(Connection connection, Chunk chunk, long read, long written) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update migrate_chunk set state = 'COPIED',"
                + " rows_read = ?, rows_written = rows_written + ?, last_error = null" + OF_THIS
                + " and chunk = ? and token = ? and state = 'OPEN'")) {
            update.setLong(1, read);
            update.setLong(2, written);
            int at = bindThis(update, 3);
            update.setInt(at++, chunk.number());
            update.setLong(at, chunk.token());
            return update.executeUpdate() == 1;
        }
    }

    /** Whether a chunk was copied under this token already: its commit went through although it seemed to fail. */
    boolean isCopied(Chunk chunk) {
        return run("read a chunk of", connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    CHUNK + OF_THIS + " and chunk = ? and token = ? and state = 'COPIED'")) {
                int at = bindThis(select, 1);
                select.setInt(at++, chunk.number());
                select.setLong(at, chunk.token());
                return one(select).isPresent();
            }
        });
    }

    @Override
    public boolean finish(Chunk chunk) {
        return run("finish a chunk of", connection -> {
            try (PreparedStatement update = connection.prepareStatement("update migrate_chunk set state = 'DONE',"
                    + " claimed_until = null" + OF_THIS + " and chunk = ? and token = ? and state = 'COPIED'")) {
                int at = bindThis(update, 1);
                update.setInt(at++, chunk.number());
                update.setLong(at, chunk.token());
                return update.executeUpdate() == 1;
            }
        });
    }

    @Override
    public void release(Chunk chunk, String error) {
        run("give back a chunk of", connection -> {
            try (PreparedStatement update =
                    connection.prepareStatement("update migrate_chunk set claimed_until = null, last_error = ?"
                            + OF_THIS + " and chunk = ? and token = ?")) {
                update.setString(1, error);
                int at = bindThis(update, 2);
                update.setInt(at++, chunk.number());
                update.setLong(at, chunk.token());
                return update.executeUpdate();
            }
        });
    }

    @Override
    public Optional<RefusedRows> refusedRows() {
        return Optional.of(refused());
    }

    JdbcRefusedRows refused() {
        return new JdbcRefusedRows(this);
    }

    @Override
    public Progress progress() {
        return run("read", connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "select count(*), coalesce(sum(case when state = 'DONE' then 1 else 0 end), 0),"
                            + " coalesce(sum(rows_read), 0), coalesce(sum(rows_written), 0) from migrate_chunk"
                            + OF_THIS)) {
                bindThis(select, 1);
                try (ResultSet rows = select.executeQuery()) {
                    rows.next();
                    return new Progress(rows.getInt(1), rows.getInt(2), rows.getLong(3), rows.getLong(4));
                }
            }
        });
    }

    private static boolean isDuplicate(MigrationException failure) {
        return failure.getCause() instanceof SQLException cause && SqlFailure.isDuplicate(cause);
    }

    private static Optional<Chunk> one(PreparedStatement select) throws SQLException {
        try (ResultSet rows = select.executeQuery()) {
            return rows.next()
                    ? Optional.of(new Chunk(
                            rows.getInt(1),
                            rows.getString(2),
                            rows.getString(3),
                            State.valueOf(rows.getString(4)),
                            rows.getLong(5)))
                    : Optional.empty();
        }
    }

    int bindThis(PreparedStatement statement, int from) throws SQLException {
        statement.setString(from, migration);
        statement.setString(from + 1, records);
        statement.setLong(from + 2, generation);
        return from + 3;
    }

    private static LocalDateTime utc(java.time.Instant instant) {
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    <T> T run(String doing, SqlWork<T> work) {
        try (Connection connection = binding.newConnection()) {
            return OwnTransaction.run(connection, work);
        } catch (SQLException failure) {
            throw SqlFailure.of(
                    doing + " the backfill of records '" + records + "' in migration '" + migration + "'", failure);
        }
    }
}
