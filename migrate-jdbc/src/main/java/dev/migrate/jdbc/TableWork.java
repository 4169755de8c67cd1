package dev.migrate.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Work on a connection that may also fail for the reasons of whoever is given the rows. */
@FunctionalInterface
interface TableWork<T extends @Nullable Object> {
    T run(Connection connection) throws Exception;

    /** Runs work in a transaction at READ COMMITTED. */
    static <T extends @Nullable Object> T writing(Connection connection, TableWork<T> work) throws Exception {
        return run(connection, Connection.TRANSACTION_READ_COMMITTED, work);
    }

    /** Runs statements that read, each of them at its own moment; large results are streamed. */
    static <T extends @Nullable Object> T reading(Connection connection, TableWork<T> work) throws Exception {
        return run(connection, Connection.TRANSACTION_READ_COMMITTED, work);
    }

    /** Runs statements that all read the tables as they are at one moment. */
    static <T extends @Nullable Object> T readingAtOneMoment(Connection connection, TableWork<T> work)
            throws Exception {
        return run(connection, Connection.TRANSACTION_REPEATABLE_READ, work);
    }

    private static <T extends @Nullable Object> T run(Connection connection, int isolation, TableWork<T> work)
            throws Exception {
        OwnTransaction transaction = OwnTransaction.begin(connection, isolation, connection.getTransactionIsolation());
        boolean hasEnded = false;
        try {
            T result = work.run(connection);
            transaction.commit();
            hasEnded = true;
            return result;
        } catch (SQLException failure) {
            transaction.rollback(failure);
            hasEnded = true;
            throw failure;
        } finally {
            if (!hasEnded) {
                connection.rollback();
            }
            transaction.restore();
        }
    }
}
