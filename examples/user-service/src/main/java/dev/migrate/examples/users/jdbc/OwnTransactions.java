package dev.migrate.examples.users.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A transaction for each call. */
record OwnTransactions(DataSource database) implements Transactions {

    @Override
    public <R> R call(Work<R> work) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            R result;
            try {
                result = work.on(connection);
            } catch (Throwable failure) {
                rollBack(connection, failure);
                throw failure;
            }
            connection.commit();
            return result;
        }
    }

    private static void rollBack(Connection connection, Throwable failure) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }
}
