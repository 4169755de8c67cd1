package dev.migrate.reconcile;

/**
 * Keeps what passes have found and what people are to decide. A {@link dev.migrate.MigrationStore} that does so implements this too; with any
 * other store a reconciliation has neither history nor reviews.
 */
public interface ReconciliationKeeper {
    /** What is to be decided of one kind of records of a migration. */
    ReviewQueue reviews(String migration, String records);

    /** What the passes over one kind of records of a migration have found. */
    PassHistory passes(String migration, String records);
}
