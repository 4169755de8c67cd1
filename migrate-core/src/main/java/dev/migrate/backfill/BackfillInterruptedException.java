package dev.migrate.backfill;

import dev.migrate.MigrationException;

/** A backfill ended before it was done; what is done stays done, and running it again goes on from there. */
public final class BackfillInterruptedException extends MigrationException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception that says how to go on. */
    public BackfillInterruptedException(String message) {
        super(message);
    }
}
