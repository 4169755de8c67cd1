package dev.migrate.items;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationEvent.Pressure;
import dev.migrate.MigrationException;
import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.backfill.BackfillInterruptedException;
import dev.migrate.internal.RecentRate;
import dev.migrate.internal.write.Cover;
import dev.migrate.internal.write.DebtWatch;
import dev.migrate.items.ItemBackfill.Point;
import dev.migrate.items.ItemProgress.Counts;
import dev.migrate.items.ItemProgress.State;
import dev.migrate.side.DebtLimits;
import dev.migrate.side.SideBooks;
import java.time.Duration;

/**
 * One call of {@link ItemBackfill#run}.
 *
 * <p>A batch's keys are in the store before the first of them is copied, and are replaced there by the next batch's when all is done:
 *
 * <pre>
 * store: keys  --&gt;  each copied where absent  --&gt;  those touched meanwhile owed again  --&gt;  those that failed parked  --&gt;  store: next keys
 * </pre>
 *
 * <p>Between reading an item and its arrival in the target it may be written or deleted in legacy, and that copy may reach the target first;
 * so keys are owed again that are in legacy's journal, or else in the target's ledger, asked in this order because a copy enters the ledger before
 * it leaves the journal. A batch that is found in the store repeats all of it, for each of its keys: what it copied may be stale, and the key may be
 * listed no more.
 */
final class ItemBackfillRun {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private final ItemBackfill backfill;
    private final Migration migration;
    private final ItemBooks books;
    private final SideBooks journal;
    private final StoredProgress stored;
    private final ItemBatch batch;
    private final long begun;
    private RecentRate rate;

    ItemBackfillRun(ItemBackfill backfill) {
        this.backfill = backfill;
        this.migration = backfill.migration;
        this.begun = migration.nanoTime();
        this.rate = new RecentRate(begun, 0);
        migration.refresh();
        requireCover();
        this.books = new ItemBooks(migration, backfill.records, backfill.names);
        this.journal = books.of(Side.LEGACY);
        requireRouter();
        this.stored = new StoredProgress(migration, backfill.records, backfill.toString());
        this.batch = new ItemBatch(backfill, books);
    }

    ItemBackfillReport go() throws Exception {
        long generation = new Cover(migration, backfill.records).awaitBegun(journal, backfill.pause);
        migration.needPart(backfill.part());
        ItemProgress at = stored.find()
                .filter(found -> found.generation() == generation)
                .orElseGet(() -> ItemProgress.begin(generation));
        rate = new RecentRate(migration.nanoTime(), at.counts().read());
        boolean isResumed = true;
        while (at.state() != State.DONE) {
            giveWay();
            requireNoInterruption();
            at = step(at, isResumed);
            isResumed = false;
            publish(at);
        }
        migration.releasePart(backfill.part(), "all items were looked at");
        Counts all = at.counts();
        return new ItemBackfillReport(
                migration.name(),
                backfill.target.name(),
                all.read(),
                all.copied(),
                all.bytes(),
                all.present(),
                all.parked(),
                all.owedAgain(),
                Duration.ofNanos(migration.nanoTime() - begun));
    }

    /** Does the batch and plans the next, which is known to the store before anything of it is copied. */
    private ItemProgress step(ItemProgress at, boolean isResumed) throws Exception {
        Counts done = Counts.NONE;
        int ticket = migration.enter();
        try {
            requireCover();
            if (!at.batch().isEmpty()) {
                done = batch.copy(at.batch(), isResumed);
            }
        } finally {
            migration.exit(ticket);
        }
        ItemProgress next;
        if (at.state() == State.LAST) {
            next = at.end(done);
        } else {
            ReadableItems.Page page = backfill.legacy.page(at.cursor(), backfill.batchItems);
            batch.listed(page);
            next = at.next(page, done);
        }
        stored.change(next);
        backfill.probe.accept(next.state() == State.DONE ? Point.DONE : Point.PLANNED);
        return next;
    }

    private void requireNoInterruption() {
        if (Thread.currentThread().isInterrupted()) {
            throw new BackfillInterruptedException(
                    backfill + " was interrupted; call run() again, and it goes on where it stood");
        }
    }

    /** Waits before a batch while much is owed, but not for ever: a backfill is slowed, not stopped. */
    private void giveWay() {
        DebtLimits limits = DebtWatch.limitsOf(migration, backfill.records);
        Duration waited = Duration.ZERO;
        while (waited.compareTo(LONGEST_PAUSE) < 0
                && !Thread.currentThread().isInterrupted()
                && limits.pressureOf(journal.debt(), migration.time().instant()).contains(Pressure.SLOWS_BACKFILL)) {
            backfill.pause.accept(PAUSE);
            waited = waited.plus(PAUSE);
        }
    }

    private void requireCover() {
        Position at = migration.view().position();
        boolean isCovered = at.stage() != Stage.LEGACY_ONLY && at.compareTo(Position.of(Stage.SHADOW)) <= 0;
        if (!isCovered) {
            throw new MigrationException(
                    backfill + " may run between DUAL_WRITE and SHADOW, but the migration stands at "
                            + at
                            + (at.stage() == Stage.LEGACY_ONLY
                                    ? "; step to DUAL_WRITE first, so that writes of copied items are not lost"
                                    : "; the target is already authoritative for some keys: what it lacks is found by a"
                                            + " reconciliation"));
        }
    }

    private void requireRouter() {
        if (journal.roles().isEmpty()) {
            throw new MigrationException(backfill
                    + " must run beside the router that writes its items, but no router has ever written records '"
                    + backfill.records
                    + "'; build the router first, with ItemRecords for both collections, and give the backfill its"
                    + " name with records(..)");
        }
    }

    private void publish(ItemProgress at) {
        long read = at.counts().read();
        boolean isDone = at.state() == State.DONE;
        migration.publish(new MigrationEvent.BackfillProgress(
                migration.name(),
                backfill.target.name(),
                read,
                isDone ? read : 0,
                rate.at(migration.nanoTime(), read),
                isDone,
                null));
    }
}
