package dev.migrate.dualwrite;

import dev.migrate.Gate;
import dev.migrate.LeaseExpiredException;
import dev.migrate.Migration;
import dev.migrate.MigrationEvent.Pressure;
import dev.migrate.MigrationException;
import dev.migrate.Outcome;
import dev.migrate.Position;
import dev.migrate.Records;
import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.internal.call.Outcomes;
import dev.migrate.internal.call.Thrown;
import dev.migrate.internal.write.KeyedWrites;
import dev.migrate.internal.write.OvertakenWrite;
import dev.migrate.internal.write.PinnedReads;
import dev.migrate.internal.write.TwoSides;
import dev.migrate.rollout.Guard;
import dev.migrate.side.Debt;
import dev.migrate.side.DebtLimits;
import dev.migrate.side.Owed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes records by key on the side that is authoritative for the key, and keeps the other side equal.
 *
 * <p>The authoritative side's answer, or failure, is the caller's. While the migration's stage writes both sides, every acknowledged write is
 * owed to the shadow from the moment it commits, is copied right after by another thread, and again from the journal until it has arrived;
 * nothing that the shadow does reaches the caller. What exactly is promised depends on the sides: see {@link #guarantee}.
 *
 * <p>Exceptions of the records pass through as they were thrown, checked ones too, although no method declares them. Thread-safe. Close it
 * to stop its worker; it does not close the migration or the sides.
 *
 * <p>Use a {@code ServiceRouter} where what moves is an interface of operations, not records by key.
 */
public final class DualWriteRouter<K, V> implements AutoCloseable {
    private final Migration migration;
    private final String records;
    private final TwoSides<Records<K, V>> sides;
    private final Function<? super V, ? extends @Nullable K> keyOf;
    private final @Nullable UnaryOperator<V> newKey;
    private final KeyedWrites<K> writes;
    private final RecordOperations<K, V> operations;
    private final ComparedReads<K, V> reads;
    private final boolean fallsBack;
    private final Outcomes outcomes;
    private final Guarantee guarantee;
    private final DebtGuard debtGuard;

    DualWriteRouter(
            DualWriteRouterBuilder<K, V> options,
            TwoSides<Records<K, V>> sides,
            KeyedWrites<K> writes,
            Guarantee guarantee) {
        this.migration = options.migration;
        this.records = options.records;
        this.sides = sides;
        this.keyOf = options.requiredKey();
        this.newKey = options.newKey;
        this.writes = writes;
        this.operations = new RecordOperations<>(sides);
        this.reads = new ComparedReads<>(migration, records, sides, writes, options.areEqual);
        this.fallsBack = options.fallsBack;
        this.outcomes = options.outcomes.copy();
        this.guarantee = guarantee;
        this.debtGuard = new DebtGuard(migration, records, writes);
    }

    /** A read that is not by key. */
    @FunctionalInterface
    public interface Query<T extends @Nullable Object> {
        /** Reads from a side. */
        T on(Side side) throws Exception;
    }

    /** Begins to describe a router. */
    public static Start of(Migration migration) {
        return new Start(migration);
    }

    /** The beginning of a router's description, before the types are known. */
    public static final class Start {
        private final Migration migration;

        private Start(Migration migration) {
            this.migration = migration;
        }

        /** The records of the legacy side. */
        public <K, V> DualWriteRouterBuilder<K, V> legacy(Records<K, V> legacy) {
            return new DualWriteRouterBuilder<>(migration, legacy);
        }
    }

    /**
     * The value of a key, from the side that is authoritative for it.
     *
     * <p>On {@link Stage#SHADOW} and {@link Stage#LIVE} the other side is read too, by another thread, and compared. On {@code LIVE} a failing
     * target is answered for by legacy, unless a write of the key may still be on its way there.
     */
    public Optional<V> read(K key) {
        try {
            int bucket = writes.names().bucketOf(key);
            Stage stage = viewFor(bucket).position().stageOf(bucket);
            PinnedReads.requireCurrent(migration, bucket);
            return stage.comparesReads() ? readCompared(stage, key) : reads.read(stage.authoritative(), key);
        } catch (Exception | Error thrown) {
            throw Thrown.<RuntimeException>as(thrown);
        }
    }

    private Optional<V> readCompared(Stage stage, K key) throws Exception {
        Side authority = stage.authoritative();
        Optional<V> answer;
        try {
            answer = reads.read(authority, key);
        } catch (Exception | Error failure) {
            if (authority == Side.TARGET && fallsBack) {
                return reads.fallBack(key, failure);
            }
            throw failure;
        }
        reads.compareLater(authority, key, answer);
        return answer;
    }

    /** A node that has lost its store can still ask a side that keeps its own role. */
    private Migration.View viewFor(int bucket) {
        try {
            return migration.leasedView();
        } catch (LeaseExpiredException expired) {
            Migration.View known = migration.view();
            Side authority = known.position().stageOf(bucket).authoritative();
            if (!writes.isReadable(authority, Position.segmentOf(bucket))) {
                throw expired;
            }
            return known;
        }
    }

    /**
     * Inserts or replaces a value on the side that is authoritative for its key.
     *
     * @return the value as that side holds it, with what the side has made itself
     * @throws RefusedWriteException where authority has moved and the transaction or scope is the caller's own, or a handover
     *     took longer than the router waits; nothing was written
     * @throws dev.migrate.UnknownOutcomeException where it cannot be said whether a write holds, which only a side that cannot share a
     *     transaction brings about; both sides will be equal
     */
    public V write(V value) {
        V keyed = withKey(value);
        K key = keyOf(keyed);
        return done(key, operations.write(key, keyed));
    }

    /** Removes a key on the side that is authoritative for it; removing one that is not there does nothing. */
    public void delete(K key) {
        done(key, operations.delete(key));
    }

    private <T extends @Nullable Object> T done(K key, KeyedWrites.Operation<T> operation) {
        try {
            return writes.write(key, migration.traffic().isWatched() ? measured(operation) : operation);
        } catch (Exception | Error thrown) {
            throw Thrown.<RuntimeException>as(thrown);
        }
    }

    private <T extends @Nullable Object> KeyedWrites.Operation<T> measured(KeyedWrites.Operation<T> operation) {
        return (side, version) -> {
            long begun = migration.nanoTime();
            boolean isFailure = false;
            try {
                return operation.on(side, version);
            } catch (Exception | Error failure) {
                isFailure = !(failure instanceof OvertakenWrite)
                        && outcomes.of(failure) != Outcome.BUSINESS
                        && writes.books(side).refusal(failure).isEmpty();
                throw failure;
            } finally {
                migration.traffic().record(side, migration.nanoTime() - begun, isFailure);
            }
        };
    }

    /** Writes values one by one, each on the side that is authoritative for its key, and reports for each; throws nothing for a failed one. */
    public BatchReport<K, V> writeAll(Collection<? extends V> values) {
        List<BatchReport.Result<K, V>> results = new ArrayList<>(values.size());
        for (V value : values) {
            V keyed = withKey(value);
            K key = keyOf(keyed);
            try {
                results.add(new BatchReport.Result<>(key, writes.write(key, operations.write(key, keyed)), null));
            } catch (Exception | Error failure) {
                if (failure instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                results.add(new BatchReport.Result<>(key, null, failure));
            }
        }
        return new BatchReport<>(results);
    }

    /**
     * A read that is not by key, from the side that is authoritative for the keys that have not moved on.
     *
     * <p>While a share of SHADOW has moved authority, neither side alone has every latest value: such a read may miss what is still on its way.
     *
     * @throws RefusedWriteException where that authority has moved since the thread's scope was begun
     */
    public <T extends @Nullable Object> T query(Query<T> query) {
        try {
            Side authority = migration.leasedView().position().stage().authoritative();
            PinnedReads.requireCurrent(migration);
            return query.on(authority);
        } catch (Exception | Error thrown) {
            throw Thrown.<RuntimeException>as(thrown);
        }
    }

    /**
     * Runs the caller's own statements in one transaction of the side that is authoritative for a key, and owes the key.
     *
     * <p>The work may run more than once: where the side refuses because authority has just moved, it is rolled back and begun again on the
     * other. Both sides must be able to share a transaction, as JDBC records are.
     */
    public <T extends @Nullable Object> T within(K key, Work.Body<T> body) {
        return done(key, (side, version) -> body.run(OpenWork.on(side, sides.of(side), migration)));
    }

    /**
     * Owes keys whose rows were written past the router: by a cascade, a batch job, another application. In the thread's transaction, where there
     * is one.
     */
    public void touched(Collection<K> keys) {
        writes.touched(keys);
    }

    /**
     * Owes keys that calls past the router may have written, or may yet write, because their outcome is not known: now, and once more when
     * such calls are over, as {@link DualWriteRouterBuilder#callsEndWithin} says. A handover of these keys waits for that. Not to be called in
     * a transaction of a side.
     *
     * @throws RefusedWriteException where a handover took longer than the router waits; the keys are owed now, but not once more
     */
    public void perhapsTouched(Collection<K> keys) {
        try {
            writes.perhapsTouched(keys);
        } catch (InterruptedException interrupted) {
            throw Thrown.<RuntimeException>as(interrupted);
        }
    }

    /** What is owed by both sides together, now. */
    public Debt debt() {
        return writes.debt();
    }

    /** What is owed by one side, now. */
    public Debt debt(Side by) {
        return writes.books(by).debt();
    }

    /** What gives way to the debt, as the worker has measured it last; see {@link DebtLimits}. */
    public Set<Pressure> pressure() {
        return writes.debtWatch().pressure();
    }

    /**
     * A gate that is open while both sides together owe fewer keys and the oldest of them, parked or not, is younger.
     *
     * @param keys at least 1
     * @param age positive; {@link DebtLimits#ANY_AGE} where it is not to count
     */
    public Gate debtBelow(long keys, Duration age) {
        return debtGuard.below(keys, age);
    }

    /** A guard that holds a rollout, and turns it back, from the debt on that {@link DualWriteRouterBuilder#debtLimits} says. */
    public Guard debtGuard() {
        return debtGuard;
    }

    /**
     * All that is owed by both sides, parked and dismissed keys included, legacy's first: for a person who wants to see, or to keep,
     * each of them.
     *
     * <p>The keys are read page by page while the stream is consumed, in transactions of their own: what is written or arrives meanwhile may or
     * may not be among them.
     */
    public Stream<Owed> owed() {
        return writes.decisions().owed();
    }

    /** The key of something owed. */
    public K keyOf(Owed owed) {
        return writes.names().keyOf(owed.key());
    }

    /** The keys that were dismissed and have not arrived, of both sides; at most {@code limit} of each. */
    public List<Owed> dismissed(int limit) {
        return writes.decisions().dismissed(limit);
    }

    /**
     * Dismisses a parked key: it is no longer tried and no longer counts as owed. It is kept with the migration's operator and the reason, and
     * bars a handover of its segment, until a copy of it has arrived: because the key was written again, or {@link #retry retried}.
     *
     * @param why for whoever finds the key later: 1 to 2,000 characters, not blank, and no value of a row
     * @return false where the key is not parked: it was written again, retried, or has arrived
     */
    public boolean dismiss(K key, String why) {
        return writes.decisions().dismiss(key, why);
    }

    /** Takes up a parked or dismissed key again; false where it is neither. */
    public boolean retry(K key) {
        return writes.decisions().retry(key);
    }

    /** The keys that were left until somebody decides, of both sides; at most {@code limit} of each. */
    public List<Owed> parked(int limit) {
        List<Owed> parked = new ArrayList<>(writes.books(Side.LEGACY).parked(limit));
        parked.addAll(writes.books(Side.TARGET).parked(limit));
        return parked;
    }

    /** Takes up parked keys again, at most {@code limit} of each side; returns how many. */
    public int retryParked(int limit) {
        int taken = 0;
        for (Side side : Side.values()) {
            for (Owed owed : writes.books(side).parked(limit)) {
                taken += writes.books(side).retry(owed.key()) ? 1 : 0;
            }
        }
        return taken;
    }

    /** Works off what is due of the journal in the caller's thread, once; returns how many keys have arrived. The worker does so regularly. */
    public int repair() {
        return writes.workOff();
    }

    /** What this router promises. */
    public Guarantee guarantee() {
        return guarantee;
    }

    /** The migration that this router routes by. */
    public Migration migration() {
        return migration;
    }

    /** The name of these records within the migration. */
    public String records() {
        return records;
    }

    private V withKey(V value) {
        @Nullable K key = keyOf.apply(value);
        return key != null || newKey == null ? value : newKey.apply(value);
    }

    private K keyOf(V value) {
        @Nullable K key = keyOf.apply(value);
        if (key == null) {
            throw new MigrationException("migration '" + migration.name() + "': a value of records '" + records
                    + "' has no key; a create must have its key before it is routed: give the router newKey(..)");
        }
        return key;
    }

    /** Stops the worker; what is owed stays in the books. */
    @Override
    public void close() {
        writes.close();
    }

    @Override
    public String toString() {
        return "DualWriteRouter[" + migration.name() + "/" + records + " at " + migration.current() + ", "
                + Position.SEGMENTS + " segments, " + guarantee + "]";
    }
}
