package dev.migrate.internal.write;

import dev.migrate.KeyCodec;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Position;
import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.side.Debt;
import dev.migrate.side.SideBooks;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes of keys whose authoritative side answers and whose other side is owed a copy.
 *
 * <p>A write runs the caller's operation on the side that is authoritative for the key, in one transaction with the check of that side's
 * role and with the debt. Where the side's records cannot share the books' transaction, the debt is announced before the operation, not
 * to be taken up for a while, and renewed after it: whatever the operation did is copied, whatever its outcome. While such an operation runs, this
 * node does not copy the key.
 *
 * <p>A side that refuses, because authority has moved or is about to, has written nothing: the write waits, outside any transaction, for the
 * node to learn the new position, and begins once more. It cannot where the transaction or the scope is the caller's own; then the
 * refusal is the caller's.
 *
 * <p>What is not promised: a side of plain functions has no role of its own, so another node that has not heard of a handover can still
 * write to it.
 */
public final class KeyedWrites<K> implements AutoCloseable {
    private static final Duration ANNOUNCED = Duration.ofMinutes(1);

    /**
     * What the writes are made of.
     *
     * @param records the name of this kind of records in the migration
     * @param codec null for keys of common types
     * @param partition null where the whole key decides the bucket
     * @param parkAfter failed attempts after which a key is left until somebody decides
     * @param workEvery how often the journal is worked off
     * @param longestWait how long a write waits for a handover before it is refused
     */
    public record Options<K>(
            Migration migration,
            String records,
            TwoSides<SideOfWrites> sides,
            Copying<K> copying,
            @Nullable KeyCodec<K> codec,
            @Nullable Function<? super K, ?> partition,
            int parkAfter,
            Duration workEvery,
            Duration longestWait) {}

    /** What the caller wants done on the authoritative side. */
    @FunctionalInterface
    public interface Operation<T extends @Nullable Object> {
        /** Does it. */
        T on(Side side) throws Exception;
    }

    private final Migration migration;
    private final String records;
    private final TwoSides<SideOfWrites> sides;
    private final KeyNames<K> names;
    private final PendingKeys pending;
    private final CopyWorker<K> worker;
    private final AttemptQueue attempts;
    private final Handover handover;
    private final Duration longestWait;
    private final boolean needsLease;
    private final AutoCloseable working;
    private final AtomicBoolean isWorking = new AtomicBoolean();
    private final Map<String, Integer> announced = new ConcurrentHashMap<>();

    /** Attaches to the migration, brings the sides' roles in line with its position, and begins to work off the journal. */
    public KeyedWrites(Options<K> options) {
        this.migration = options.migration();
        this.records = options.records();
        this.sides = options.sides();
        this.longestWait = options.longestWait();
        this.needsLease =
                !sides.legacy().commitsWithRecords() || !sides.target().commitsWithRecords();
        this.names = new KeyNames<>(migration, options.codec(), options.partition());
        TwoSides<SideBooks> books =
                new TwoSides<>(sides.legacy().books(), sides.target().books());
        this.pending = new PendingKeys(
                !books.legacy().debt().plus(books.target().debt()).isNone());
        this.worker = new CopyWorker<>(options, names, books, pending, announced::containsKey);
        this.attempts = new AttemptQueue(migration, worker);
        this.handover = new Handover(migration, records, books, worker);
        migration.attach(handover);
        handover.reconcileRoles();
        this.working = migration.threads().every(options.workEvery(), this::workOffInShadow);
    }

    /** On the shadow's threads, because a side that hangs must not hold up the timer. */
    private void workOffInShadow() {
        if (isWorking.compareAndSet(false, true)
                && !migration.threads().offer(() -> {
                    try {
                        workOff();
                    } finally {
                        isWorking.set(false);
                    }
                })) {
            isWorking.set(false);
        }
    }

    /** The names of the keys. */
    public KeyNames<K> names() {
        return names;
    }

    /** Runs an operation of a key on its authoritative side, and owes the key to the other. */
    public <T extends @Nullable Object> T write(K key, Operation<T> operation) throws Exception {
        int bucket = names.bucketOf(key);
        long deadline = 0;
        while (true) {
            int ticket = migration.enter();
            Migration.View view = migration.view();
            try {
                if (needsLease && !migration.leasedView().equals(view)) {
                    continue;
                }
                return writeAs(view.position().stageOf(bucket), key, bucket, operation);
            } catch (NotAdmitted refused) {
                if (refused.isFinal) {
                    throw refused.refusal;
                }
            } finally {
                migration.exit(ticket);
            }
            deadline = deadline == 0 ? migration.nanoTime() + longestWait.toNanos() : deadline;
            awaitChange(view, bucket, deadline);
        }
    }

    private <T extends @Nullable Object> T writeAs(Stage stage, K key, int bucket, Operation<T> operation)
            throws Exception {
        Side side = stage.authoritative();
        SideOfWrites authority = sides.of(side);
        int segment = Position.segmentOf(bucket);
        if (!authority.commitsWithRecords()) {
            return writeUnbooked(stage, key, segment, operation);
        }
        boolean isJoined = authority.books().isInTransaction();
        refuseInTransactionOfOther(side);
        boolean isFinal = isJoined || migration.isPinned();
        @Nullable String text = stage.writesShadow() ? names.textOf(key) : null;
        return authority.books().inTransaction(() -> {
            T result = operation.on(side);
            admit(authority.books(), text == null ? names.textOf(key) : text, segment, text != null, isFinal);
            if (text != null) {
                authority.books().afterCommit(() -> owing(side, text, segment));
            }
            return result;
        });
    }

    private void refuseInTransactionOfOther(Side side) {
        SideOfWrites other = sides.of(side.other());
        if (!sides.of(side).books().isInTransaction()
                && other.commitsWithRecords()
                && other.books().isInTransaction()) {
            throw new RefusedWriteException("migration '" + migration.name() + "': a transaction of the " + side.other()
                    + " side is running, but " + side + " is authoritative for the key; write outside it, or let"
                    + " within(key, ..) open the transaction on the right side");
        }
    }

    private void admit(SideBooks books, String text, int segment, boolean owe, boolean isFinal) {
        try {
            books.admit(text, segment, owe);
        } catch (RefusedWriteException refusal) {
            throw new NotAdmitted(refusal, isFinal);
        }
    }

    /** For a side whose records do not commit with the books: announce, do, owe. */
    private <T extends @Nullable Object> T writeUnbooked(Stage stage, K key, int segment, Operation<T> operation)
            throws Exception {
        Side side = stage.authoritative();
        if (handover.isHeld(segment) || (migration.isPinned() && !agreesWithLatest(side, segment))) {
            throw new NotAdmitted(
                    new RefusedWriteException("migration '" + migration.name()
                            + "': authority over the key has moved or is moving;" + " end the scope and begin again"),
                    migration.isPinned());
        }
        if (!stage.writesShadow()) {
            return operation.on(side);
        }
        SideBooks books = sides.of(side).books();
        SideBooks.Key owed = new SideBooks.Key(names.textOf(key), segment);
        boolean isDurable = books.isDurable();
        if (isDurable) {
            announced.merge(owed.text(), 1, Integer::sum);
        }
        try {
            if (isDurable) {
                books.owe(List.of(owed), migration.time().instant().plus(ANNOUNCED));
            }
            return oweAfter(books, owed, side, operation);
        } finally {
            announced.computeIfPresent(owed.text(), (unused, n) -> n == 1 ? null : n - 1);
            owing(side, owed.text(), segment);
        }
    }

    private static <T extends @Nullable Object> T oweAfter(
            SideBooks books, SideBooks.Key owed, Side side, Operation<T> operation) throws Exception {
        try {
            return operation.on(side);
        } finally {
            books.owe(List.of(owed), Instant.EPOCH);
        }
    }

    private boolean agreesWithLatest(Side side, int segment) {
        return migration.current().authoritativeFor(segment) == side;
    }

    private void owing(Side from, String key, int segment) {
        pending.add(key);
        if (handover.maysCopy()) {
            attempts.add(from, key, segment);
        }
    }

    /** Waits until the node's view has changed or a handover has ended, outside any transaction. */
    private void awaitChange(Migration.View seen, int bucket, long deadline) throws InterruptedException {
        if (migration.nanoTime() - deadline > 0) {
            throw new RefusedWriteException(
                    "migration '" + migration.name() + "': the side that is authoritative for the key has"
                            + " refused writes for " + longestWait
                            + "; a handover may have been cut off: see the audit trail, and"
                            + " raiseEpoch(..) to end it");
        }
        int segment = Position.segmentOf(bucket);
        handover.awaitEnd(segment);
        if (!handover.isHeld(segment) && migration.current().equals(seen.position())) {
            migration.refresh();
        }
    }

    /** Owes keys whose rows were written past the router. */
    public void touched(Collection<K> keys) {
        for (K key : keys) {
            SideBooks.Key owed = names.inBooks(key);
            Stage stage = migration.view().position().stageOf(names.bucketOf(key));
            Side side = stage.authoritative();
            SideOfWrites authority = sides.of(side);
            refuseInTransactionOfOther(side);
            if (stage.writesShadow()) {
                authority.books().owe(List.of(owed), Instant.EPOCH);
                authority.books().afterCommit(() -> owing(side, owed.text(), owed.segment()));
            } else if (authority.commitsWithRecords() && authority.books().isInTransaction()) {
                // The side may know of a step to copying that this node has not heard of; it then refuses.
                authority.books().admit(owed.text(), owed.segment(), false);
            }
        }
    }

    /** Whether a side itself says that it may be read in a segment, for a node that does not know any more; never for plain functions. */
    public boolean isReadable(Side side, int segment) {
        return sides.of(side).commitsWithRecords() && sides.of(side).books().isReadable(segment);
    }

    /** Whether the copy of a key may still be on its way, so that the shadow may hold an older value. */
    public boolean mayBeOwed(K key) {
        return pending.mayBePending(names.textOf(key));
    }

    /** Whether a key stands in the journal of either side: authority over it may move while somebody looks. */
    public boolean isOwed(K key) {
        String text = names.textOf(key);
        return sides.legacy().books().owed(text).isPresent()
                || sides.target().books().owed(text).isPresent();
    }

    /** Works off what is due of both journals, once; returns how many keys have arrived. */
    public int workOff() {
        handover.learn();
        if (!handover.maysCopy()) {
            return 0;
        }
        return worker.work(Side.LEGACY) + worker.work(Side.TARGET);
    }

    /** What both sides owe together. */
    public Debt debt() {
        return sides.legacy().books().debt().plus(sides.target().books().debt());
    }

    /** The books of a side. */
    public SideBooks books(Side side) {
        return sides.of(side).books();
    }

    @Override
    public void close() {
        migration.detach(handover);
        try {
            working.close();
        } catch (Exception unexpected) {
            throw new MigrationException("the worker of records '" + records + "' could not be stopped", unexpected);
        }
    }

    /** A refusal by our own check, to be told from one that the operation itself has thrown. */
    private static final class NotAdmitted extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient RefusedWriteException refusal;
        private final boolean isFinal;

        NotAdmitted(RefusedWriteException refusal, boolean isFinal) {
            super(null, refusal, false, false);
            this.refusal = refusal;
            this.isFinal = isFinal;
        }
    }
}
