package dev.migrate.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A connection that was taken from a pool, while a transaction runs on it; given back as it was found.
 *
 * <p>Reading the isolation level may cost a round trip, so it is set without asking where the pool is known to hand out
 * connections at another one.
 */
final class OwnTransaction {
    private final Connection connection;
    private final boolean wasAutoCommit;
    private final int isolationBefore;

    private OwnTransaction(Connection connection, boolean wasAutoCommit, int isolationBefore) {
        this.connection = connection;
        this.wasAutoCommit = wasAutoCommit;
        this.isolationBefore = isolationBefore;
    }

    /**
     * Begins a transaction.
     *
     * @param usual the isolation level that the pool's connections have
     */
    static OwnTransaction begin(Connection connection, int isolation, int usual) throws SQLException {
        boolean wasAutoCommit = connection.getAutoCommit();
        if (usual != isolation) {
            connection.setTransactionIsolation(isolation);
        }
        if (wasAutoCommit) {
            connection.setAutoCommit(false);
        }
        return new OwnTransaction(connection, wasAutoCommit, usual == isolation ? Connection.TRANSACTION_NONE : usual);
    }

    void commit() throws SQLException {
        connection.commit();
    }

    /** Rolls back after a failure, to which a failure to do so is added. */
    void rollback(Throwable because) {
        try {
            connection.rollback();
        } catch (SQLException failure) {
            because.addSuppressed(failure);
        }
    }

    /** Gives the connection the properties that it had. */
    void restore() throws SQLException {
        if (!connection.isClosed()) {
            if (isolationBefore != Connection.TRANSACTION_NONE) {
                connection.setTransactionIsolation(isolationBefore);
            }
            if (wasAutoCommit) {
                connection.setAutoCommit(true);
            }
        }
    }

    /** Runs work in a transaction at READ COMMITTED. */
    static <T extends @Nullable Object> T run(Connection connection, SqlWork<T> work) throws SQLException {
        OwnTransaction transaction =
                begin(connection, Connection.TRANSACTION_READ_COMMITTED, connection.getTransactionIsolation());
        try {
            T result = work.run(connection);
            transaction.commit();
            return result;
        } catch (SQLException | RuntimeException | Error failure) {
            transaction.rollback(failure);
            throw failure;
        } finally {
            transaction.restore();
        }
    }

    /** Runs a single statement, which is a transaction of its own. */
    static <T extends @Nullable Object> T runOne(Connection connection, SqlWork<T> statement) throws SQLException {
        return connection.getAutoCommit() ? statement.run(connection) : run(connection, statement);
    }
}
