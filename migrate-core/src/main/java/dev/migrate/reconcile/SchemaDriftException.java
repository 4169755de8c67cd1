package dev.migrate.reconcile;

import dev.migrate.MigrationException;

/**
 * The columns that a reconciliation compares are not those that its mapping was bound to any more: a table was changed since this process has read
 * what it is. Nothing is reported of its rows then, because each of them could differ. The message names the columns.
 */
public final class SchemaDriftException extends MigrationException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public SchemaDriftException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Creates the exception. */
    public SchemaDriftException(String message) {
        super(message);
    }
}
