package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.RefusedWriteException;
import dev.migrate.side.SideBooks;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transaction that a thread runs on one pool; used by that thread alone. */
final class ThreadTransaction {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadTransaction.class);

    private final Connection connection;
    private final List<Runnable> afterCommit = new ArrayList<>();
    private final boolean isSeen;
    private @Nullable Throwable doomedBy;
    private TransactionBinding.@Nullable CommittingWork last;

    ThreadTransaction(Connection connection) {
        this(connection, true);
    }

    private ThreadTransaction(Connection connection, boolean isSeen) {
        this.connection = connection;
        this.isSeen = isSeen;
    }

    /** A transaction that somebody else has begun and ends, unseen from here. */
    static ThreadTransaction unseen(Connection connection) {
        return new ThreadTransaction(connection, false);
    }

    boolean isSeen() {
        return isSeen;
    }

    /** The connection as the application may have it: it can neither end the transaction nor leave it. */
    Connection connection() {
        return JoinedConnection.of(connection);
    }

    int isolation() throws SQLException {
        return connection.getTransactionIsolation();
    }

    void afterCommit(Runnable action) {
        afterCommit.add(action);
    }

    boolean endWith(TransactionBinding.CommittingWork work) {
        boolean isFirst = isSeen && last == null;
        if (isFirst) {
            last = work;
        }
        return isFirst;
    }

    void doom(Throwable because) {
        if (doomedBy == null) {
            doomedBy = because;
        }
    }

    <T extends @Nullable Object> T join(SideBooks.Work<T> work) throws Exception {
        try {
            return work.run();
        } catch (Throwable failure) {
            doom(failure);
            throw failure;
        }
    }

    <T extends @Nullable Object> T run(SideBooks.Work<T> work, int isolation, int usual) throws Exception {
        OwnTransaction transaction = OwnTransaction.begin(connection, isolation, usual);
        try {
            T result = work.run();
            refuseToCommitIfDoomed();
            if (last != null) {
                last.commit(connection);
            }
            transaction.commit(); // which the driver knows to be done where it is
            return result;
        } catch (Throwable failure) {
            transaction.rollback(failure);
            throw failure;
        } finally {
            giveBack(transaction);
        }
    }

    /** Runs work behind a savepoint: what fails or was refused is taken back, and nothing else of the transaction. */
    <T extends @Nullable Object> T runInside(SideBooks.Work<T> work) throws Exception {
        Savepoint before = connection.setSavepoint();
        try {
            T result = work.run();
            refuseToCommitIfDoomed();
            connection.releaseSavepoint(before);
            return result;
        } catch (Throwable failure) {
            try {
                connection.rollback(before);
            } catch (SQLException broken) {
                failure.addSuppressed(broken);
            }
            throw failure;
        }
    }

    /** The outcome is decided by now, and a failure here must not hide it. */
    private void giveBack(OwnTransaction transaction) {
        try {
            transaction.restore();
        } catch (SQLException failure) {
            LOG.warn("a connection could not be given back to its pool as it was found", failure);
        }
    }

    /** Gives the connection back, with the same care. */
    void close() {
        try {
            connection.close();
        } catch (SQLException failure) {
            LOG.warn("a connection could not be given back to its pool", failure);
        }
    }

    void committed() {
        for (Runnable action : afterCommit) {
            try {
                action.run();
            } catch (RuntimeException | Error failure) {
                LOG.warn("an action after a commit failed; the transaction stays committed", failure);
            }
        }
    }

    private void refuseToCommitIfDoomed() {
        Throwable because = doomedBy;
        if (because instanceof RefusedWriteException) {
            RefusedWriteException refusal = new RefusedWriteException(
                    "the transaction was rolled back: a write in it had been refused, and the refusal was caught; "
                            + because.getMessage());
            refusal.initCause(because);
            throw refusal;
        }
        if (because != null) {
            throw new MigrationException(
                    "the transaction was rolled back: something in it had failed half-way, and the exception was caught;"
                            + " let it pass, or do that work in a transaction of its own",
                    because);
        }
    }
}
