package dev.migrate.backfill;

import dev.migrate.MigrationException;

/** A backfill ended before it was done; what is done stays done, and {@link Backfill#run} goes on from there. */
public final class BackfillInterruptedException extends MigrationException {
    private static final long serialVersionUID = 1L;

    BackfillInterruptedException(String message) {
        super(message);
    }
}
