package dev.migrate.reconcile;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the passes over one kind of records have found, kept in the store and shared by all nodes. Thread-safe. The published
 * {@code ReconciliationKeeperContract} checks an implementation.
 */
public interface PassHistory {
    /** Keeps what a pass has found. */
    void add(Pass pass);

    /** Notes that a repair has mended so many more of the differences that a pass has found; nothing happens where it is not known. */
    void repaired(String pass, long rows);

    /** The passes that began last, newest first, at most {@code limit}. */
    List<Pass> latest(int limit);

    /** The first of the clean passes, all of which are of kind {@link Pass.Kind#FULL}; a rollout can ask for one: {@link Reconciliation#firstCleanPass}. */
    Optional<Pass> firstClean();

    /** Forgets the passes that began before a moment, but for the first clean one; returns how many these were. */
    int forget(Instant before);
}
