package dev.migrate.backfill;

/** Ends a backfill as a killed process would: nothing catches it. */
final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed() {
        super("killed", null, false, false);
    }
}
