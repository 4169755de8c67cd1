package dev.migrate;

/**
 * A side refused a write because it is not, or not at this moment, authoritative for the key: nothing was written.
 *
 * <p>The running transaction is doomed and can only be rolled back. A router that opened the transaction itself has already
 * tried again on the right side; this exception reaches the caller where it could not: from a transaction or a
 * {@link MigrationScope} of the caller's own, or where a handover took longer than the router waits.
 */
public final class RefusedWriteException extends MigrationException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public RefusedWriteException(String message) {
        super(message);
    }

    /** Creates the exception with what the side itself has said. */
    public RefusedWriteException(String message, Throwable cause) {
        super(message, cause);
    }
}
