package dev.migrate;

/**
 * Receives what happens to a migration.
 *
 * <p>Called on the thread on which it happens, so it should be quick; whatever it throws is contained, counted and logged, and never
 * reaches the caller of a router.
 */
@FunctionalInterface
public interface MigrationListener {
    /** Something happened. */
    void on(MigrationEvent event);
}
