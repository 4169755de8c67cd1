package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;

/** In which transaction a statement of a side's books runs, and what becomes of its failure. */
record BookStatements(BookId id, TransactionBinding binding) {
    /** Runs statements that belong to the thread's transaction; whatever fails dooms it. */
    <T> T partOfTransaction(String doing, SqlWork<T> work) {
        if (!binding.isActive()) {
            throw new MigrationException(id + " can " + doing
                    + " only inside a transaction of its database; call inTransaction(..) around it");
        }
        try (Connection connection = binding.getConnection()) {
            return work.run(connection);
        } catch (SQLException failure) {
            throw doomed(failed(doing, failure));
        }
    }

    <X extends MigrationException> X doomed(X failure) {
        binding.doom(failure);
        return failure;
    }

    /** Runs a statement in the thread's transaction, or else in one of its own. */
    <T> T statement(String doing, SqlWork<T> work) {
        try (Connection connection = binding.getConnection()) {
            return binding.isActive() ? work.run(connection) : OwnTransaction.runOne(connection, work);
        } catch (SQLException failure) {
            throw failed(doing, failure);
        }
    }

    /** Runs several statements in the thread's transaction, or else in one of their own. */
    <T> T statements(String doing, SqlWork<T> work) {
        return binding.isActive() ? statement(doing, work) : ownTransaction(doing, work);
    }

    /** Runs statements in a transaction of their own, committed when this returns. */
    <T> T ownTransaction(String doing, SqlWork<T> work) {
        try (Connection connection = binding.newConnection()) {
            return OwnTransaction.run(connection, work);
        } catch (SQLException failure) {
            throw failed(doing, failure);
        }
    }

    MigrationException failed(String doing, SQLException failure) {
        return SqlFailure.of(doing + " of " + id, failure);
    }
}
