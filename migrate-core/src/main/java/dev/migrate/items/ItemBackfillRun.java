package dev.migrate.items;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationException;
import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.backfill.BackfillInterruptedException;
import dev.migrate.backfill.Throttle;
import dev.migrate.backfill.Throttle.Moment;
import dev.migrate.internal.RecentRate;
import dev.migrate.internal.pace.GivingWay;
import dev.migrate.internal.write.Cover;
import dev.migrate.items.ItemBackfill.Point;
import dev.migrate.items.ItemProgress.Counts;
import dev.migrate.items.ItemProgress.State;
import dev.migrate.side.SideBooks;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

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
    private final ItemBackfill backfill;
    private final Migration migration;
    private final ItemBooks books;
    private final SideBooks journal;
    private final StoredProgress stored;
    private final ItemBatch batch;
    private final GivingWay givingWay;
    private final long begun;
    private RecentRate rate;
    private long read;

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
        Moment moment = Moment.of(migration.time(), journal::debt);
        this.givingWay = new GivingWay(
                backfill.orders,
                backfill.records,
                journal,
                () -> Throttle.closedBecause(backfill.throttles, moment, backfill.staleAfter),
                backfill.pause,
                why -> publish(false, why));
    }

    ItemBackfillReport go() throws Exception {
        long generation = new Cover(migration, backfill.records).awaitBegun(journal, backfill.pause);
        migration.needPart(backfill.part());
        ItemProgress at = stored.find()
                .filter(found -> found.generation() == generation)
                .orElseGet(() -> ItemProgress.begin(generation));
        read = at.counts().read();
        rate = new RecentRate(migration.nanoTime(), read);
        boolean isResumed = true;
        while (at.state() != State.DONE) {
            givingWay.beforeNext();
            requireNoInterruption();
            at = step(at, isResumed);
            isResumed = false;
            read = at.counts().read();
            publish(at.state() == State.DONE, null);
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
                Instant now = migration.time().instant();
                backfill.throttles.forEach(
                        throttle -> throttle.copied(at.batch().size(), now));
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

    private void publish(boolean isDone, @Nullable String heldBy) {
        migration.publish(new MigrationEvent.BackfillProgress(
                migration.name(),
                backfill.target.name(),
                read,
                isDone ? read : 0,
                rate.at(migration.nanoTime(), read),
                isDone,
                heldBy));
    }
}
