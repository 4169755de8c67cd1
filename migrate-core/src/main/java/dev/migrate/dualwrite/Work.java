package dev.migrate.dualwrite;

import dev.migrate.Side;

/** What {@link DualWriteRouter#within} hands to the caller: the side that is authoritative for the key, and its open transaction. */
public interface Work {
    /** The side that the transaction belongs to. */
    Side side();

    /**
     * Something of the transaction, such as its {@code java.sql.Connection}; valid until the work returns, never to be closed or committed.
     *
     * @throws dev.migrate.MigrationException where the side has no such thing
     */
    <T> T unwrap(Class<T> type);

    /** Work inside the transaction. */
    @FunctionalInterface
    interface Body<T extends @org.jspecify.annotations.Nullable Object> {
        /** Does the work; what it throws rolls the transaction back. */
        T run(Work work) throws Exception;
    }
}
