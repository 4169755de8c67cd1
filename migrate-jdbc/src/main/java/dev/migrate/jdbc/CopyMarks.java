package dev.migrate.jdbc;

import dev.migrate.side.SideBooks;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Takes away the mark of the library's own copies, where it is the session's and not the transaction's: whatever the copy's outcome is, the
 * connection goes back to its pool without it, or not at all.
 */
final class CopyMarks {
    private static final class OfThread {
        private int depth;
        private boolean isMarked;
    }

    private final TransactionBinding binding;
    private final Dialect dialect;

    @SuppressWarnings("ThreadLocalUsage") // the transactions of one side's books
    private final ThreadLocal<@Nullable OfThread> ofThread = new ThreadLocal<>();

    CopyMarks(TransactionBinding binding, Dialect dialect) {
        this.binding = binding;
        this.dialect = dialect;
    }

    /** A copy may have set the mark. */
    void begun() {
        OfThread here = ofThread.get();
        if (here != null) {
            here.isMarked = true;
        }
    }

    /** Runs work inside a transaction, and takes away the mark that it has set, before the transaction ends. */
    <T extends @Nullable Object> T endAfter(SideBooks.Work<T> work) throws Exception {
        OfThread here = ofThread.get();
        if (here == null) {
            here = new OfThread();
            ofThread.set(here);
        }
        here.depth++;
        try {
            return work.run();
        } finally {
            here.depth--;
            if (here.depth == 0) {
                ofThread.remove();
                if (here.isMarked) {
                    end();
                }
            }
        }
    }

    private void end() throws SQLException {
        try (Connection connection = binding.getConnection()) {
            end(dialect, connection);
        } catch (SQLException failure) {
            binding.doom(failure);
            throw failure;
        }
    }

    /** Copies on a connection that is not bound to the thread. */
    static <T extends @Nullable Object> T during(Connection connection, TableWork<T> copies) throws Exception {
        Dialect dialect = Dialect.of(connection);
        dialect.beginCopies(connection);
        try {
            return copies.run(connection);
        } finally {
            if (dialect.marksSessions()) {
                end(dialect, connection);
            }
        }
    }

    /** A connection that would keep the mark is broken off, so that its pool gives it to nobody. */
    private static void end(Dialect dialect, Connection connection) throws SQLException {
        try {
            dialect.endCopies(connection);
        } catch (SQLException failure) {
            try {
                connection.unwrap(Connection.class).abort(Runnable::run);
            } catch (SQLException broken) {
                failure.addSuppressed(broken);
            }
            throw failure;
        }
    }
}
