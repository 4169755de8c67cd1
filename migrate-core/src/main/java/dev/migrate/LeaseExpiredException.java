package dev.migrate;

/**
 * This node has not reached its store for longer than its lease: it does not know any more which side is authoritative, so that nothing was
 * read or written. Reads and writes go on by themselves once the store answers.
 */
public final class LeaseExpiredException extends MigrationException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception; the cause says why the lease could not be renewed. */
    public LeaseExpiredException(String message, Throwable cause) {
        super(message, cause);
    }
}
