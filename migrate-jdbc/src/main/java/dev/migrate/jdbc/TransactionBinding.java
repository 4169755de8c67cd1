package dev.migrate.jdbc;

import dev.migrate.jdbc.schema.ConnectionsApart;
import dev.migrate.side.SideBooks;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * How a side's transactions are begun and joined: by {@link JoiningDataSource}, or by a framework's transaction manager.
 *
 * <p>Implemented where a framework binds connections to threads in its own way. One binding stands for one database.
 * Implementations are thread-safe; a transaction belongs to the thread on which it was begun.
 */
public interface TransactionBinding extends ConnectionsApart {
    /** Whether the calling thread is inside a transaction of this database. */
    boolean isActive();

    /**
     * The connection of the thread's transaction, where there is one: closing it hands it back and ends nothing. A connection of
     * its own otherwise, which closing returns to the pool.
     */
    Connection getConnection() throws SQLException;

    /** A connection outside of the thread's transaction. Whoever takes it closes it. */
    @Override
    Connection newConnection() throws SQLException;

    /** Runs an action once the thread's transaction has committed; at once where there is none. Never after a rollback. */
    void afterCommit(Runnable action);

    /**
     * Whether the end of the thread's transaction is seen here. Where it is not, actions for after its commit are never run. True where
     * there is no transaction.
     */
    default boolean seesCommit() {
        return true;
    }

    /**
     * Makes it impossible to commit the thread's transaction; does nothing where there is none.
     *
     * @param because what the attempt to commit is to be answered with, as the exception or as its cause
     */
    void doom(Throwable because);

    /**
     * Leaves to the end of the thread's transaction what is to be run in place of its commit, and commits.
     *
     * @param last is given the transaction's connection, once the transaction's work has returned; run at most once, and not where the
     *     transaction is rolled back. What it throws rolls the transaction back, and is thrown to whoever has begun it
     * @return false where the transaction is not one that {@link #execute} has begun and ends, or something is left to its end already: then
     *     nothing is left, as by default
     */
    default boolean endWith(CommittingWork last) {
        return false;
    }

    /** What ends a transaction. */
    @FunctionalInterface
    interface CommittingWork {
        /** Runs its statements, of which the last commits. */
        void commit(Connection connection) throws SQLException;
    }

    /**
     * Runs work in the thread's transaction, or else in a new one at READ COMMITTED that commits when the work returns and rolls back
     * when it throws, whatever it throws. Where joined work throws, the transaction that it joined is doomed.
     */
    <T extends @Nullable Object> T execute(SideBooks.Work<T> work) throws Exception;
}
