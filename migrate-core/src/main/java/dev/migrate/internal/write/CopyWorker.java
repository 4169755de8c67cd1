package dev.migrate.internal.write;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.Version;
import dev.migrate.side.Debt;
import dev.migrate.side.Intents;
import dev.migrate.side.Owed;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.Acceptance;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Copies owed keys to the shadow: at once after a commit, and again and again from the journal until they have arrived.
 *
 * <p>A copy takes the version first and the value second: a value newer than its version is harmless, because its own copy follows, and an
 * older one is not possible. The shadow's ledger moves to the version before the row is written, in one transaction. The debt is struck
 * out where its version has not moved on meanwhile, and only after a copy that was accepted or was overtaken.
 *
 * <p>A key that another is in the way of is tried alone first, because the other may be copied in the meantime, and from the second time on
 * together with others that failed so ({@link Neighbours}). Where it was parked nevertheless, it is taken up from time to time: what was
 * in its way may be gone.
 */
final class CopyWorker<K> {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration PARKED_CONFLICTS_EVERY = Duration.ofMinutes(1);
    private static final int BATCH = 200;

    final Migration migration;
    final String records;
    final KeyNames<K> names;
    final TwoSides<SideBooks> books;
    final Copying<K> copying;
    final PendingKeys pending;
    final DebtWatch debtWatch;
    final MisplacedDebts misplaced;
    final FailedCopies failures;
    final BatchSize batchSize = new BatchSize();
    final CopyLimit limit = new CopyLimit();
    private final AtomicLong untimely = new AtomicLong();
    private final boolean isInOrder;
    private final String name = UUID.randomUUID().toString();
    private final TwoSides<ParkedConflicts> parkedConflicts =
            new TwoSides<>(new ParkedConflicts(), new ParkedConflicts());

    CopyWorker(
            KeyedWrites.Options<K> options,
            KeyNames<K> names,
            TwoSides<SideBooks> books,
            PendingKeys pending,
            DebtWatch debtWatch) {
        this.debtWatch = debtWatch;
        this.migration = options.migration();
        this.records = options.records();
        this.copying = options.copying();
        this.isInOrder = copying instanceof Copying.InOrder;
        this.names = names;
        this.books = books;
        this.pending = pending;
        this.misplaced = new MisplacedDebts(books);
        this.failures = new FailedCopies(migration, records, books, isInOrder, options.parkAfter());
    }

    /** What has become of a key that was to be copied. */
    private enum Fate {
        ARRIVED,
        FAILED,
        /** Left for when this node may copy it. */
        LEFT
    }

    /** Takes up what is due of what a side owes, once; returns how many keys have arrived. */
    int work(Side from) {
        if (books.of(from.other()).isInTransaction()) {
            throw new MigrationException("migration '" + migration.name() + "': what is owed cannot be copied inside a"
                    + " running transaction of the " + from.other() + " side, because it would be struck out before the"
                    + " copy commits; call repair() and take steps outside of any transaction");
        }
        settleOverdue(books.of(from).intents());
        if (failures.isStillGone(from.other())) {
            return 0;
        }
        long untimelyBefore = untimely.get();
        Neighbours neighbours = new Neighbours(migration, this, from);
        int arrived = parkedConflicts.of(from).work(from, neighbours);
        List<Owed> claimed;
        do {
            long forgotten = pending.forgottenSoFar();
            claimed = books.of(from).claim(name, BATCH, migration.time().instant(), LEASE);
            arrived += copyAll(from, claimed, neighbours);
            releaseUntried(from, claimed);
            debtWatch.measure();
            if (claimed.isEmpty()) {
                Debt both = books.of(from).debt().plus(books.of(from.other()).debt());
                if (both.isSettled()) {
                    pending.nothingOwed(forgotten);
                }
            }
        } while (claimed.size() == BATCH && untimely.get() == untimelyBefore && !isToEnd(from));
        return arrived;
    }

    /** What the worker has claimed in vain, because the shadow is gone, is to be due as soon as it is there again. */
    private void releaseUntried(Side from, List<Owed> claimed) {
        if (failures.isGone(from.other())) {
            books.of(from).release(name, claimed.stream().map(Owed::key).toList());
        }
    }

    private boolean isToEnd(Side from) {
        return Thread.currentThread().isInterrupted() || failures.isGone(from.other());
    }

    /** Keys that have failed before are not mixed with others, whose copies they would spoil. */
    private int copyAll(Side from, List<Owed> claimed, Neighbours neighbours) {
        List<Owed> fresh = claimed.stream().filter(owed -> owed.attempts() == 0).toList();
        List<Owed> failed = claimed.stream().filter(owed -> owed.attempts() > 0).toList();
        return copyEach(from, fresh, neighbours) + copyEach(from, failed, neighbours);
    }

    private int copyEach(Side from, List<Owed> keys, Neighbours neighbours) {
        int arrived = 0;
        int first = 0;
        while (first < keys.size() && !failures.isGone(from.other())) {
            int next = Math.min(keys.size(), first + batchSize.now());
            List<Owed> left = keys.subList(first, next);
            first = next;
            if (mayBatch(from, left)) {
                CopyBatch.Outcome batch = CopyBatch.copy(this, from, left);
                arrived += batch.arrived();
                left = batch.left();
            }
            for (Owed owed : left) {
                if (!failures.isGone(from.other()) && copy(from, owed, neighbours) == Fate.ARRIVED) {
                    arrived++;
                }
            }
        }
        return arrived;
    }

    private boolean mayBatch(Side from, List<Owed> keys) {
        return keys.size() > 1 && copying.commitsTogether(from.other());
    }

    private void settleOverdue(Intents intents) {
        while (intents.settleOverdue(migration.time().instant(), BATCH) == BATCH
                && !Thread.currentThread().isInterrupted()) {
            // There are more.
        }
    }

    /** Takes up parked keys that another key was in the way of; used by one thread at a time, or twice, which is harmless. */
    private final class ParkedConflicts {
        private volatile Instant next = Instant.MIN;

        int work(Side from, Neighbours neighbours) {
            Instant now = migration.time().instant();
            if (now.isBefore(next)) {
                return 0;
            }
            next = now.plus(PARKED_CONFLICTS_EVERY);
            int arrived = 0;
            for (Owed owed : books.of(from).conflicting(Instant.EPOCH, BATCH)) {
                if (owed.isParked() && !failures.isGone(from.other()) && copy(from, owed, neighbours) == Fate.ARRIVED) {
                    arrived++;
                }
            }
            return arrived;
        }
    }

    /** What keeps a handover of a range waiting besides the debt in the journals. */
    Debt besides(SegmentRange range) {
        return copying instanceof Copying.InOrder<K> operations
                ? operations.besides(Side.LEGACY, range).plus(operations.besides(Side.TARGET, range))
                : Debt.NONE;
    }

    /** Whether everything that was ever written is owed or has arrived, however often the migration stepped back to LEGACY_ONLY. */
    boolean owesAlways() {
        return isInOrder;
    }

    /** One attempt right after a write, for keys that may be owed by a side; each by itself while a rollout measures how long one takes. */
    void attempt(Side from, List<SideBooks.Key> keys) {
        boolean isMeasured = migration.traffic().isWatched();
        if (failures.isGone(from.other()) && !isMeasured) {
            return; // the worker asks first whether it is there again
        }
        List<Owed> left = keys.stream().distinct().map(CopyWorker::justWritten).toList();
        if (mayBatch(from, left) && !isMeasured) {
            left = CopyBatch.copy(this, from, left).left();
        }
        left.forEach(owed -> attempt(from, owed));
    }

    private static Owed justWritten(SideBooks.Key key) {
        return new Owed(key.text(), key.segment(), Version.NONE, Instant.EPOCH, 0, null, false);
    }

    private void attempt(Side from, Owed written) {
        boolean isMeasured = migration.traffic().isWatched();
        long begun = isMeasured ? migration.nanoTime() : 0;
        Optional<Owed> owed = isInOrder
                ? books.of(from).claim(name, written.key(), migration.time().instant(), LEASE)
                : Optional.of(written);
        if (owed.isEmpty()) {
            return; // not due, or somebody else's
        }
        Fate fate = copy(from, owed.get(), null);
        if (isInOrder) {
            releaseUntried(from, List.of(owed.get()));
        }
        if (isMeasured && fate != Fate.LEFT) {
            migration.traffic().record(from.other(), migration.nanoTime() - begun, fate == Fate.FAILED);
        }
    }

    /** Gives a key back that is owed under an epoch which this node has yet to learn, as it was. */
    private Fate leave(Side from, Owed owed) {
        untimely.incrementAndGet();
        books.of(from).release(name, List.of(owed.key()));
        return Fate.LEFT;
    }

    private Fate copy(Side from, Owed owed, @Nullable Neighbours neighbours) {
        @Nullable KeyCopy<K> copy = null;
        try {
            migration.leasedView(); // a side without a role of its own takes a copy from anybody
            Optional<KeyCopy<K>> taken = KeyCopy.take(this, from, owed);
            if (taken.isEmpty()) {
                return Fate.ARRIVED;
            }
            copy = taken.get();
            if (!copy.isTimely()) {
                return leave(from, owed);
            }
            if (write(copy) == Acceptance.NOT_SHADOW) {
                if (!isInOrder) { // an operation stands in the log of the side that has logged it
                    misplaced.move(from, owed, copy.version());
                }
                return Fate.FAILED;
            }
            copy.arrived();
            return Fate.ARRIVED;
        } catch (KeyCopy.WrittenAgain movedOn) {
            return copy(from, owed, neighbours);
        } catch (Exception | Error failure) {
            if (copy != null && neighbours != null && owed.attempts() > 0 && failures.isConflict(from, failure)) {
                return neighbours.copyWith(copy, failure) ? Fate.ARRIVED : Fate.FAILED;
            }
            notCopied(from, owed, copy, failure);
            return Fate.FAILED;
        }
    }

    private Acceptance write(KeyCopy<K> copy) throws Exception {
        if (copying instanceof Copying.InOrder<K> operations) {
            return copy.deliver(operations);
        }
        copy.read();
        return copy.shadow().inTransaction(() -> {
            Acceptance acceptance = copy.accept();
            if (acceptance == Acceptance.ACCEPTED) {
                copy.write();
            }
            return acceptance;
        });
    }

    private void notCopied(Side from, Owed owed, @Nullable KeyCopy<K> copy, Throwable failure) {
        if (copy == null) {
            failures.publish(from, owed, failure);
        } else {
            copy.failed(failure);
        }
    }
}
