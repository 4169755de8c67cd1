package dev.migrate.jdbc;

import dev.migrate.Side;
import dev.migrate.replay.EventLog;
import dev.migrate.replay.EventLogs;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import javax.sql.DataSource;

/**
 * Logs of events in the database of a side, so that an event commits with what it tells of. Immutable and thread-safe.
 *
 * <p>The data source is that of the application's own statements: what they write and the events that tell of it are one transaction, and what
 * a receiver writes through it is one with the note that the event has arrived.
 */
public final class JdbcEventLogs implements EventLogs {
    private final TransactionBinding binding;
    private final SchemaMode schema;
    private final InstantSource time;

    private JdbcEventLogs(TransactionBinding binding, SchemaMode schema, InstantSource time) {
        this.binding = binding;
        this.schema = schema;
        this.time = time;
    }

    /**
     * Logs in the database of a {@link JoiningDataSource}.
     *
     * @param dataSource the one that the side's repositories use, or a wrapper of it that tells so
     * @throws dev.migrate.MigrationException where it is a plain pool: what the repositories write would commit apart from the log
     */
    public static JdbcEventLogs joining(DataSource dataSource) {
        return joining(JoiningDataSource.require(dataSource));
    }

    /** Logs that take part in the transactions of a framework. */
    public static JdbcEventLogs joining(TransactionBinding binding) {
        return new JdbcEventLogs(binding, SchemaMode.CREATE, InstantSource.system());
    }

    /** Logs in the database of a {@link JoiningDataSource}. */
    public static JdbcEventLogs joining(JoiningDataSource dataSource) {
        return joining((TransactionBinding) dataSource);
    }

    /** The same logs, with another rule about the library's tables. Default: {@link SchemaMode#CREATE}. */
    public JdbcEventLogs schema(SchemaMode mode) {
        return new JdbcEventLogs(binding, mode, time);
    }

    /** The same logs, with another time by which debts are dated. Default: the system's. */
    public JdbcEventLogs time(InstantSource source) {
        return new JdbcEventLogs(binding, schema, source);
    }

    @Override
    public EventLog log(String migration, String records, Side side) {
        BookId id = new BookId(migration, records, side);
        try (Connection connection = binding.newConnection()) {
            JdbcSideBooks books = new JdbcSideBooks(id, binding, JdbcSchema.ensure(connection, schema), time);
            return new JdbcEventLog(id, books, binding);
        } catch (SQLException failure) {
            throw SqlFailure.of("open the log of " + id, failure);
        }
    }

    @Override
    public String toString() {
        return "JdbcEventLogs[" + binding + "]";
    }
}
