package dev.migrate.backfill;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.reconcile.Difference;
import dev.migrate.reconcile.ReconciliationKeeper;
import dev.migrate.reconcile.Review;
import dev.migrate.reconcile.ReviewQueue;
import dev.migrate.side.SideBooks;
import dev.migrate.table.Chunks;
import dev.migrate.table.Chunks.Chunk;
import dev.migrate.table.RefusedRows;
import dev.migrate.table.RefusedRows.Refused;
import dev.migrate.table.TableKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a backfill has left out, from the chunk that lacked them to the end of their reviews.
 *
 * <p>What was left out is known in the target's database, with the chunk; the reviews, in the store, follow from it before the chunk is done, and are
 * opened again by whoever comes after a node that died in between. A row is forgotten only once it is settled, and its review is closed first.
 */
final class Refusals {
    private static final int MOST = 100_000;
    private static final int KEYS = 500;
    private final Backfill backfill;
    private final Migration migration;
    private final @Nullable RefusedRows rows;
    private final @Nullable ReviewQueue queue;

    Refusals(Backfill backfill, Chunks chunks) {
        this.backfill = backfill;
        this.migration = backfill.migration;
        this.rows = chunks.refusedRows().orElse(null);
        this.queue = migration.store() instanceof ReconciliationKeeper keeper
                ? keeper.reviews(migration.name(), backfill.legacy.records())
                : null;
        if (rows == null && backfill.mostRefused > 0) {
            throw new MigrationException(backfill + " was told reviewRefused(" + backfill.mostRefused
                    + "), but its target table keeps no rows that were left out; leave reviewRefused(..) away, so that a refused row ends the"
                    + " backfill, or use a JdbcTable");
        }
    }

    static void requireReviews(Migration migration) {
        if (!(migration.store() instanceof ReconciliationKeeper)) {
            throw new MigrationException("reviewRefused(..) was said, but the store of migration '" + migration.name()
                    + "', a " + migration.store().getClass().getSimpleName()
                    + ", keeps no reviews; give the migration a store that is a ReconciliationKeeper, as JdbcMigrationStore is, or"
                    + " leave reviewRefused(..) away, so that a refused row ends the backfill");
        }
    }

    /** Takes up again the chunks that lack rows: whoever runs a backfill again has mended something. */
    void tryAgain() {
        if (rows != null && rows.count() > 0) {
            rows.reopen();
        }
    }

    /** Opens reviews of what a copied chunk lacks, and closes those of what it lacks no more. */
    void review(Chunk chunk) {
        if (rows == null) {
            return;
        }
        List<Refused> all = rows.of(chunk);
        for (Refused row : all) {
            if (row.isCopied()) {
                settled(rows, row, "the backfill has copied the row");
            } else if (queue != null) {
                Review review = queue.add(found(row), migration.operator());
                rows.reviewed(row.key(), review.version());
            }
        }
        if (!all.isEmpty()) {
            publish(rows.count());
        }
    }

    private static Review.Found found(Refused row) {
        Difference missing = new Difference(
                row.key(), Difference.Kind.MISSING_IN_TARGET, Side.LEGACY, List.of(), Map.of(), row.reason());
        return new Review.Found(missing, row.cursor());
    }

    /** In this order: where it ends in between, it is settled once more. */
    private void settled(RefusedRows rows, Refused row, String note) {
        Optional<Review> review = queue == null ? Optional.empty() : queue.find(row.key());
        if (queue != null && review.isPresent()) {
            queue.close(row.key(), review.get().version(), migration.operator(), note);
        }
        rows.forget(row.key());
    }

    /** Why the backfill is not done; empty where nothing that it left out is unsettled. */
    Optional<String> unsettled() {
        long left = settle();
        return left == 0
                ? Optional.empty()
                : Optional.of(left + (left == 1 ? " row is" : " rows are")
                        + " refused and wait for review: mend the rows, the table or the mapping and run it again, or accept in the"
                        + " queue of reviews that the target lacks them");
    }

    /** Forgets what is settled; returns how many rows are not. */
    long settle() {
        if (rows == null) {
            return 0;
        }
        List<Refused> left = rows.list(MOST);
        long unsettled = 0;
        for (int from = 0; from < left.size(); from += KEYS) {
            unsettled += settle(rows, left.subList(from, Math.min(left.size(), from + KEYS)));
        }
        if (!left.isEmpty()) {
            publish(unsettled);
        }
        return unsettled;
    }

    private long settle(RefusedRows rows, List<Refused> left) {
        List<TableKey> keys = left.stream()
                .map(row -> backfill.legacy.parseCursor(row.cursor()))
                .toList();
        SideBooks ledger = backfill.target.books(migration.name(), Side.TARGET);
        Set<String> held = ledger.heldAmong(left.stream().map(Refused::key).toList());
        Set<String> inLegacy;
        Set<String> inTarget;
        try {
            inLegacy = backfill.legacy.find(keys).keySet();
            inTarget = backfill.target.find(keys).keySet();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new MigrationException(
                    "could not look again at the rows that " + backfill + " has left out", failure);
        }
        long unsettled = 0;
        for (Refused row : left) {
            if (held.contains(row.key()) || inTarget.contains(row.key())) {
                settled(rows, row, "a copy has brought the row");
            } else if (!inLegacy.contains(row.key())) {
                settled(rows, row, "legacy has lost the row");
            } else if (isDecided(row)) {
                rows.forget(row.key());
            } else {
                unsettled++;
            }
        }
        return unsettled;
    }

    /** By the review that was opened for this row: before there is one, that of an earlier time may be closed. */
    private boolean isDecided(Refused row) {
        if (queue == null || row.review() == 0) {
            return false;
        }
        Optional<Review> review = queue.find(row.key());
        return review.filter(found -> found.state() == Review.State.ACCEPTED || found.state() == Review.State.CLOSED)
                .isPresent();
    }

    private void publish(long waiting) {
        migration.publish(new MigrationEvent.RowsLeftOut(migration.name(), backfill.target.name(), waiting));
    }
}
