package dev.migrate.side;

import dev.migrate.RefusedWriteException;
import dev.migrate.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The books of one side for one kind of records: its role, by segment; its journal of owed keys; its ledger of accepted versions.
 *
 * <p>While the side is authoritative, the journal says which keys the other side is owed, and commits with the writes. While it
 * is the shadow, the ledger says which version of a key it holds, and commits with the copies. Authority moves, so both sides keep
 * both.
 *
 * <p>Keys are canonical texts ({@link dev.migrate.KeyCodec}), segments run from 0 to 999. Implementations are thread-safe; a
 * transaction belongs to the thread that opened it.
 */
public interface SideBooks {
    /** Work inside a transaction. */
    @FunctionalInterface
    interface Work<T extends @org.jspecify.annotations.Nullable Object> {
        /** Does the work. */
        T run() throws Exception;
    }

    /** Whether what is written here outlives this process. */
    boolean isDurable();

    /**
     * Runs work in a transaction of this side: the thread's running one, or else a new one that commits when the work returns and
     * rolls back when it throws, whatever it throws.
     */
    <T extends @org.jspecify.annotations.Nullable Object> T inTransaction(Work<T> work) throws Exception;

    /** Whether the thread is inside a transaction of this side, opened here or by the application. */
    boolean isInTransaction();

    /** Runs an action once the thread's transaction has committed; at once where there is none. Never after a rollback. */
    void afterCommit(Runnable action);

    /**
     * Whether the end of the thread's transaction is seen here. Where it is not, actions for after its commit are never run, and what it
     * owes is the worker's.
     */
    default boolean seesCommit() {
        return true;
    }

    /**
     * Admits an authoritative write of a key, and owes the key to the other side, in one step of the thread's transaction: checks
     * under a shared lock, held to the transaction's end, that the segment's role is {@link Role#AUTHORITY}.
     *
     * @param owe whether the writer believes that writes are copied; where the side's role says that they are and the writer
     *     does not know it, the write is refused
     * @return the version under which the key is owed; {@link Version#NONE} where {@code owe} is false
     * @throws dev.migrate.RefusedWriteException where the role does not allow the write; the transaction is then doomed
     * @throws dev.migrate.MigrationException where the thread is not inside a transaction
     */
    Version admit(String key, int segment, boolean owe);

    /**
     * Admits an operation of a key that is to reach the other side itself, after those before it, and owes the key: as {@link #admit}
     * does, but what is known of failed attempts stays, because the operation that they failed at is still the next.
     *
     * @return the version under which the key is owed, greater than that of each operation of the key that commits before
     * @throws dev.migrate.RefusedWriteException where the role does not allow it; the transaction is then doomed
     */
    default Version admitInOrder(String key, int segment) {
        return admit(key, segment, true);
    }

    /**
     * What a failed write says, where it was this side itself that refused it before {@link #admit} was asked: by a trigger in its
     * database, say. Empty for any other failure.
     */
    default Optional<RefusedWriteException> refusal(Throwable failure) {
        return Optional.empty();
    }

    /**
     * Whether a copy of a key may be written to this side, in the thread's transaction: checks under a shared lock that the
     * segment's role is {@link Role#SHADOW}, then moves the key's ledger row to the version, before the data row is touched.
     *
     * @param deleted whether the copy is a delete; the ledger row is then the tombstone
     * @throws dev.migrate.MigrationException where the thread is not inside a transaction
     */
    Acceptance accept(String key, int segment, Version version, boolean deleted);

    /**
     * Owes keys to the other side, under new versions, in the thread's transaction or in one of its own: for keys whose rows were
     * written past the router, and for the backfill.
     *
     * <p>Rows that stand already are owed whatever the side's role. A side that can undo them, because they were written in the
     * thread's transaction, may refuse them with that transaction.
     *
     * @param notBefore the earliest moment at which a worker may take them up
     * @throws dev.migrate.RefusedWriteException where the role does not allow what the thread's transaction has written; it is
     *     then doomed
     */
    void owe(Collection<Key> keys, Instant notBefore);

    /** A canonical key with its segment. */
    record Key(String text, int segment) {}

    /**
     * The version under which a key is in the journal, dismissed or not; empty where it is not. Taken before the value is read, never
     * after.
     */
    Optional<Version> owed(String key);

    /**
     * The versions of those of the keys that are in the journal, dismissed or not, by key. Taken before the first of their values is read,
     * never after.
     */
    default Map<String, Version> owed(Collection<String> keys) {
        Map<String, Version> found = new HashMap<>();
        keys.forEach(key -> owed(key).ifPresent(version -> found.put(key, version)));
        return found;
    }

    /** Those of the keys that are in the journal, dismissed ones included. Asked before {@link #heldAmong}, never after. */
    Set<String> owedAmong(Collection<String> keys);

    /** Those of the keys of which a version, or a tombstone, has been accepted: that are in the ledger. */
    Set<String> heldAmong(Collection<String> keys);

    /**
     * A page of the ledger, in an order of the keys that is the side's own: keys of which a version, or a tombstone, has been accepted.
     *
     * @param after the last key of the page before; null for the first page
     * @param limit how many keys at most; at least 1
     * @return empty where there are no more
     * @throws dev.migrate.MigrationException where these books cannot list what they have accepted, as by default
     */
    default List<LedgerKey> ledger(@org.jspecify.annotations.Nullable String after, int limit) {
        throw new dev.migrate.MigrationException(
                getClass().getName() + " cannot list its ledger; implement ledger(after, limit)");
    }

    /**
     * A page of that part of the ledger whose version is after another, in the order of {@link #ledger(String, int)}. Reads the whole of it, where these
     * books are not told how to leave out the rest.
     *
     * @param version {@link Version#NONE} leaves out what only a backfill has copied
     * @param after the last key of the page before; null for the first page
     * @param limit how many keys at most; at least 1
     * @return empty where there are no more
     */
    default List<LedgerKey> ledgerSince(Version version, @org.jspecify.annotations.Nullable String after, int limit) {
        List<LedgerKey> page = ledger(after, limit);
        while (!page.isEmpty()) {
            List<LedgerKey> later =
                    page.stream().filter(one -> one.version().isAfter(version)).toList();
            if (!later.isEmpty()) {
                return later;
            }
            page = ledger(page.get(page.size() - 1).key(), limit);
        }
        return page;
    }

    /**
     * A version that is before every one under which a transaction that begins from now on owes a key: a number drawn now, with the earliest epoch of
     * the roles.
     *
     * @throws dev.migrate.MigrationException where no role was ever assigned, so that nobody owes anything, or these books cannot draw numbers,
     *     as by default
     */
    default Version drawVersion() {
        throw new dev.migrate.MigrationException(
                getClass().getName() + " cannot say which version is the latest; implement drawVersion()");
    }

    /**
     * A key of the ledger.
     *
     * @param version that of the latest copy; {@link Version#NONE} where only a backfill has copied it
     */
    record LedgerKey(String key, Version version) {}

    /** Strikes out a debt, where its version has not moved on; false where it has, or where it is gone. */
    boolean settle(String key, Version copied);

    /**
     * Strikes out the debts of several keys, each where its version has not moved on.
     *
     * <p>Waits for no other transaction while it keeps one waiting: a debt that a running transaction has touched may be left, because that
     * transaction owes the key anew, or else the key is copied once more.
     *
     * @param copied the version under which each key was copied
     * @return the keys whose debt is gone
     */
    default Set<String> settle(Map<String, Version> copied) {
        Set<String> settled = new HashSet<>();
        copied.forEach((key, version) -> {
            if (settle(key, version)) {
                settled.add(key);
            }
        });
        return settled;
    }

    /** Records a failed attempt, where the version has not moved on and nobody has dismissed the key. */
    void postpone(String key, Version attempted, FailedAttempt failed);

    /** Records a failed attempt that no other key was the cause of. */
    default void postpone(String key, Version attempted, Instant notBefore, String error, boolean park) {
        postpone(key, attempted, new FailedAttempt(notBefore, error, false, park));
    }

    /**
     * Whether a copy to this side has failed because of another key: one that holds a value which must be unique, that is not there
     * although this one refers to it, or that still refers to this one. Such a copy may succeed together with that of the other key.
     */
    default boolean isConflict(Throwable failure) {
        return ConflictException.isIn(failure);
    }

    /**
     * Keys whose last attempt failed because of another key, parked ones included and dismissed ones not: those that are owed since about
     * a moment, at most {@code limit}.
     */
    List<Owed> conflicting(Instant around, int limit);

    /**
     * Claims owed keys for a worker, oldest first, and commits the claim: keys that are due, not parked, and not claimed by
     * another whose claim still runs.
     */
    List<Owed> claim(String worker, int limit, Instant now, Duration lease);

    /**
     * Claims one key for a worker, as {@link #claim(String, int, Instant, Duration)} would. Empty where it would not, or where the side cannot say; the
     * key is then left to the worker's next round.
     */
    default Optional<Owed> claim(String worker, String key, Instant now, Duration lease) {
        return Optional.empty();
    }

    /**
     * Gives back a worker's claims of keys that it has not tried, so that they are due as they were before; waits for no other
     * transaction. A claim that is not given back runs out by itself.
     */
    default void release(String worker, Collection<String> keys) {}

    /** The parked keys, oldest first, at most {@code limit}; dismissed ones are not among them. */
    List<Owed> parked(int limit);

    /** Takes up a parked or dismissed key again, at once; false where it is neither. */
    boolean retry(String key);

    /**
     * Makes what is owed in a range due at once, whatever its pause and whoever has claimed it: for a handover, which cannot wait for
     * either. Parked keys stay parked. Two claims of one key are harmless. Waits for no other transaction: a key that a running one has
     * touched may be left, so that whoever needs it asks again.
     */
    void hasten(SegmentRange range);

    /** The writes of this side that are made outside of its books' transactions. */
    Intents intents();

    /** What repairs have done to the rows of this side. */
    Repairs repairs();

    /** What a person may see and decide of the keys in the journal. */
    OwedKeys owedKeys();

    /**
     * What is owed in a range of segments, parked keys included, how many keys of it were dismissed, and the writes that were begun there and
     * have not ended.
     */
    Debt debt(SegmentRange range);

    /** What is owed in all. */
    default Debt debt() {
        return debt(SegmentRange.ALL);
    }

    /** The role of every segment, by segment; empty where none was ever assigned. */
    List<SegmentRole> roles();

    /** Whether a segment's role is {@link Role#AUTHORITY} or {@link Role#FENCED}, so that every acknowledged write is here. */
    boolean isReadable(int segment);

    /**
     * Gives a range of segments a role, under an exclusive lock that waits for the transactions admitted or accepted before.
     *
     * @param journalled whether writes of these segments are copied to the other side
     * @param epoch greater than that of the segments' present role; a lower or equal one is refused
     * @return false where a segment already had this epoch or a later one: nothing was changed
     */
    boolean assign(SegmentRange range, Role role, boolean journalled, long epoch);

    /** The role of one segment. */
    record SegmentRole(int segment, Role role, boolean journalled, long epoch) {
        /**
         * The earliest epoch of some roles, which no later write of any of their segments can be below: roles are raised, never lowered.
         *
         * @param books whose they are, for the error
         * @throws dev.migrate.MigrationException where there are none, so that nobody owes anything
         */
        public static long earliestEpoch(Collection<SegmentRole> roles, SideBooks books) {
            return roles.stream()
                    .mapToLong(SegmentRole::epoch)
                    .min()
                    .orElseThrow(() -> new dev.migrate.MigrationException(books
                            + " has no roles, so that nothing that is written is owed there; build the router of these records, with"
                            + " the side that has these books, and move the migration on to DUAL_WRITE"));
        }
    }

    /** What a shadow says to a copy. */
    enum Acceptance {
        /** The ledger has moved to the version; the data row is to be written now, in the same transaction. */
        ACCEPTED,
        /** The ledger has this version or a later one; there is nothing to write. */
        OVERTAKEN,
        /** The segment's role is not {@link Role#SHADOW}; the copy belongs to another time. */
        NOT_SHADOW
    }
}
