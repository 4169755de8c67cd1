package dev.migrate;

/** A change was based on a version that somebody else has changed since: read again, decide again. */
public final class StaleChangeException extends MigrationException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public StaleChangeException(String message) {
        super(message);
    }
}
