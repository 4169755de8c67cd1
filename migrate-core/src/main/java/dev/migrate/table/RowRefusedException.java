package dev.migrate.table;

import dev.migrate.MigrationException;

/** A row does not fit the table that it is copied to; the message names its key and the rule, but no value. */
public final class RowRefusedException extends MigrationException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public RowRefusedException(String message) {
        super(message);
    }

    /**
     * Creates the exception.
     *
     * @param cause what the application's own mapping has thrown
     */
    public RowRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
