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
    /** How many copies any books have accepted on a thread: those of several records may be written in one transaction. */
    private static final ThreadLocal<int[]> ACCEPTED = ThreadLocal.withInitial(() -> new int[1]);

    private final TransactionBinding binding;
    private final Dialect dialect;

    CopyMarks(TransactionBinding binding, Dialect dialect) {
        this.binding = binding;
        this.dialect = dialect;
    }

    /** A copy may have set the mark. */
    static void begun() {
        ACCEPTED.get()[0]++;
    }

    /** Runs work inside a transaction, and takes away the mark that it has set, before the transaction ends. */
    <T extends @Nullable Object> T endAfter(SideBooks.Work<T> work) throws Exception {
        int before = ACCEPTED.get()[0];
        T result;
        try {
            result = work.run();
        } catch (Throwable failure) {
            try {
                endSince(before);
            } catch (SQLException another) {
                failure.addSuppressed(another);
            }
            throw failure;
        }
        endSince(before);
        return result;
    }

    private void endSince(int before) throws SQLException {
        if (ACCEPTED.get()[0] != before) {
            end();
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
