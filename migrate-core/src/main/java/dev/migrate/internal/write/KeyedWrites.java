package dev.migrate.internal.write;

import dev.migrate.KeyCodec;
import dev.migrate.Migration;
import dev.migrate.MigrationEvent.Pressure;
import dev.migrate.MigrationException;
import dev.migrate.Position;
import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.Version;
import dev.migrate.side.Debt;
import dev.migrate.side.DebtLimits;
import dev.migrate.side.Intent;
import dev.migrate.side.SideBooks;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes of keys whose authoritative side answers and whose other side is owed a copy.
 *
 * <p>A write runs the caller's operation on the side that is authoritative for the key, in one transaction with the check of that side's
 * role and with the debt. Where the side's records cannot share the books' transaction, it is announced, made and acknowledged: see
 * {@link IntentWrites}.
 *
 * <p>A side that refuses, because authority has moved or is about to, has written nothing: the write waits, outside any transaction, for the
 * node to learn the new position, and begins once more. It cannot where the transaction or the scope is the caller's own; then the
 * refusal is the caller's.
 */
public final class KeyedWrites<K> implements AutoCloseable {
    private static final int OVERTAKEN_AT_MOST = 20;

    /**
     * What the writes are made of.
     *
     * @param records the name of this kind of records in the migration
     * @param codec null for keys of common types
     * @param partition null where the whole key decides the bucket
     * @param parkAfter failed attempts after which a key is left until somebody decides
     * @param workEvery how often the journal is worked off
     * @param longestWait how long a write waits for a handover before it is refused
     * @param calls what is known of writes that cannot share a transaction with their side's books
     * @param limits from which debt on what gives way to it
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
            Duration longestWait,
            OpenCalls calls,
            DebtLimits limits) {}

    /** What the caller wants done on the authoritative side. */
    @FunctionalInterface
    public interface Operation<T extends @Nullable Object> {
        /**
         * Does it.
         *
         * @param version under which it is to be written on a side that compares versions; {@link Version#NONE} where it has none
         * @throws OvertakenWrite where the side holds a later version, and so has refused it
         */
        T on(Side side, Version version) throws Exception;

        /**
         * Called in the transaction of the operation, once it was admitted and its key is owed: of records whose operations go over one by one.
         *
         * @param owed the version under which the key is owed now
         */
        default void admitted(Side side, Version owed) throws Exception {}
    }

    private final Migration migration;
    private final String records;
    private final TwoSides<SideOfWrites> sides;
    private final KeyNames<K> names;
    private final PendingKeys pending;
    private final CopyWorker<K> worker;
    private final AttemptQueue attempts;
    private final Handover handover;
    private final DebtWatch debtWatch;
    private final Decisions<K> decisions;
    private final Duration longestWait;
    private final boolean needsLease;
    private final boolean isInOrder;
    private final AutoCloseable working;
    private final AtomicBoolean isWorking = new AtomicBoolean();
    private final IntentWrites<K> intents;
    private final UnowedWrites unowed;

    /** Attaches to the migration, brings the sides' roles in line with its position, and begins to work off the journal. */
    public KeyedWrites(Options<K> options) {
        this.migration = options.migration();
        this.records = options.records();
        this.sides = options.sides();
        this.longestWait = options.longestWait();
        this.isInOrder = options.copying() instanceof Copying.InOrder;
        this.needsLease =
                !sides.legacy().commitsWithRecords() || !sides.target().commitsWithRecords();
        this.names = new KeyNames<>(migration, options.codec(), options.partition());
        TwoSides<SideBooks> books =
                new TwoSides<>(sides.legacy().books(), sides.target().books());
        this.pending = new PendingKeys(
                !books.legacy().debt().plus(books.target().debt()).isSettled());
        this.debtWatch = new DebtWatch(migration, records, books, options.limits());
        this.worker = new CopyWorker<>(options, names, books, pending, debtWatch);
        this.decisions = new Decisions<>(migration, records, names, books);
        this.attempts = new AttemptQueue(migration, worker);
        this.handover = new Handover(migration, records, books, worker);
        this.intents = new IntentWrites<>(options, this::owing);
        this.unowed = new UnowedWrites(options, this::owing);
        migration.attach(handover);
        handover.part().ifPresent(migration::needPart);
        handover.reconcileRoles();
        this.working = migration.threads().every(options.workEvery(), this::workOffInShadow);
    }

    /** On the shadow's threads, because a side that hangs must not hold up the timer. */
    private void workOffInShadow() {
        if (handover.maysCopy()) {
            debtWatch.measureInShadow();
        }
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
        debtWatch.admit(() -> !migration.isPinned() && !isInTransaction());
        long deadline = 0;
        int overtaken = 0;
        while (true) {
            int ticket = migration.enter();
            long lapses = migration.leaseLapsesOfUnit(); // before the lease is looked at
            Migration.View view = migration.view();
            try {
                if (needsLease && !migration.leasedView().equals(view)) {
                    continue;
                }
                return writeAs(view.position().stageOf(bucket), key, bucket, lapses, operation);
            } catch (NotAdmitted refused) {
                if (refused.isFinal()) {
                    throw refused.refusal();
                }
            } catch (OvertakenWrite later) {
                refuseIfOvertakenTooOften(++overtaken);
                continue;
            } finally {
                migration.exit(ticket);
            }
            deadline = deadline == 0 ? migration.nanoTime() + longestWait.toNanos() : deadline;
            awaitChange(view, bucket, deadline);
        }
    }

    private void refuseIfOvertakenTooOften(int times) {
        if (times == OVERTAKEN_AT_MOST) {
            throw new RefusedWriteException("migration '" + migration.name() + "', records '" + records
                    + "': the side has refused a write " + times
                    + " times, because it holds later versions than the store draws; nothing was written: if the store's"
                    + " database was restored or failed over, let raiseEpoch(..) make later ones");
        }
    }

    private <T extends @Nullable Object> T writeAs(Stage stage, K key, int bucket, long lapses, Operation<T> operation)
            throws Exception {
        Side side = stage.authoritative();
        SideOfWrites authority = sides.of(side);
        int segment = Position.segmentOf(bucket);
        if (!authority.commitsWithRecords()) {
            return writeUnbooked(stage, key, segment, lapses, operation);
        }
        boolean isJoined = authority.books().isInTransaction();
        refuseInTransactionOfOther(side);
        boolean owes = stage.writesShadow() || (isInOrder && stage == Stage.LEGACY_ONLY);
        @Nullable String text = owes ? names.textOf(key) : null;
        Admission admission = new Admission(authority.books(), isJoined, isJoined || migration.isPinned());
        return authority.books().inTransaction(() -> {
            T result = admission.unlessRefused(operation, side);
            if (isInOrder && text != null) {
                operation.admitted(side, admission.admitInOrder(text, segment));
            } else {
                admission.admit(text == null ? names.textOf(key) : text, segment, text != null);
            }
            if (text != null) {
                owingAfterCommit(side, text, segment);
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

    /** For a side whose records do not commit with the books. */
    private <T extends @Nullable Object> T writeUnbooked(
            Stage stage, K key, int segment, long lapses, Operation<T> operation) throws Exception {
        Side side = stage.authoritative();
        if (handover.isHeld(segment) || (migration.isPinned() && !agreesWithLatest(side, segment))) {
            throw new NotAdmitted(
                    new RefusedWriteException("migration '" + migration.name()
                            + "': authority over the key has moved or is moving;" + " end the scope and begin again"),
                    migration.isPinned());
        }
        if (stage.writesShadow()) {
            SideBooks.Key inBooks = new SideBooks.Key(names.textOf(key), segment);
            return intents.carryOut(side, begun(side, inBooks), operation);
        }
        names.requireNameable(key);
        return unowed.carryOut(side, () -> new SideBooks.Key(names.textOf(key), segment), lapses, operation);
    }

    private Intent begun(Side side, SideBooks.Key key) {
        try {
            return intents.begin(side, key);
        } catch (RefusedWriteException refusal) {
            throw new NotAdmitted(refusal, migration.isPinned());
        }
    }

    private boolean agreesWithLatest(Side side, int segment) {
        return migration.current().authoritativeFor(segment) == side;
    }

    private void owingAfterCommit(Side from, String key, int segment) {
        SideBooks books = sides.of(from).books();
        if (books.seesCommit()) {
            books.afterCommit(() -> owing(from, key, segment));
        } else if (!isInOrder) {
            pending.addUnseen(key);
        }
    }

    private void owing(Side from, String key, int segment) {
        if (!isInOrder) { // whose sides nobody reads by key
            pending.add(key);
        }
        if (handover.maysCopy() && !debtWatch.hasReached(Pressure.LEAVES_TO_WORKER)) {
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
                owingAfterCommit(side, owed.text(), owed.segment());
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

    /**
     * Owes keys whose rows calls past the router may have written, or may yet write: now, and once more when such calls are over, for which
     * a handover waits.
     */
    public void perhapsTouched(Collection<K> keys) throws InterruptedException {
        touched(keys);
        for (K key : keys) {
            announceOpenCall(key);
        }
    }

    private void announceOpenCall(K key) throws InterruptedException {
        int bucket = names.bucketOf(key);
        long deadline = migration.nanoTime() + longestWait.toNanos();
        while (true) {
            Migration.View view = migration.view();
            Stage stage = view.position().stageOf(bucket);
            if (!stage.writesShadow()) {
                return;
            }
            try {
                intents.begin(stage.authoritative(), names.inBooks(key));
                return;
            } catch (RefusedWriteException refusal) {
                if (migration.isPinned() || isInTransaction()) {
                    throw refusal;
                }
            }
            awaitChange(view, bucket, deadline);
        }
    }

    private boolean isInTransaction() {
        return sides.legacy().books().isInTransaction()
                || sides.target().books().isInTransaction();
    }

    /** Whether the copy of a key may still be on its way, so that the shadow may hold an older value. */
    public boolean mayBeOwed(K key) {
        return pending.mayBePending(names.textOf(key));
    }

    /**
     * Whether a side owes a key to the other, or will as soon as a write of it that is under way has ended; a dismissed key is not owed. Authority
     * may move meanwhile.
     */
    public boolean isOwed(K key) {
        String text = names.textOf(key);
        return isOwed(sides.legacy().books(), text) || isOwed(sides.target().books(), text);
    }

    private static boolean isOwed(SideBooks books, String text) {
        return books.intents().isBegun(text)
                || (books.owed(text).isPresent()
                        && books.owedKeys().dismissedAmong(List.of(text)).isEmpty());
    }

    /** Works off what is due of both journals, once; returns how many keys have arrived. */
    public int workOff() {
        unowed.askAgain();
        handover.learn();
        if (!handover.maysCopy()) {
            debtWatch.rest();
            return 0;
        }
        return worker.work(Side.LEGACY) + worker.work(Side.TARGET);
    }

    /** What is measured of the debt, and what gives way to it. */
    public DebtWatch debtWatch() {
        return debtWatch;
    }

    /** What both sides owe together. */
    public Debt debt() {
        return sides.legacy().books().debt().plus(sides.target().books().debt());
    }

    /** What a person sees and decides of what is owed. */
    public Decisions<K> decisions() {
        return decisions;
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
}
