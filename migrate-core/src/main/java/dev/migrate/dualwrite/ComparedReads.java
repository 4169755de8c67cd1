package dev.migrate.dualwrite;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.Comparison;
import dev.migrate.MigrationEvent.FellBack;
import dev.migrate.MigrationEvent.ReadCompared;
import dev.migrate.Records;
import dev.migrate.Side;
import dev.migrate.internal.write.KeyedWrites;
import dev.migrate.internal.write.TwoSides;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * Reads of one side that are compared with the other, off the caller's thread.
 *
 * <p>The two sides are read at two moments, so a difference is looked at again before it is told: a key that is still owed is in flight, and a
 * key that was written meanwhile is equal by now.
 */
final class ComparedReads<K, V> {
    private final Migration migration;
    private final String records;
    private final TwoSides<Records<K, V>> sides;
    private final KeyedWrites<K> writes;
    private final BiPredicate<? super V, ? super V> areEqual;

    ComparedReads(
            Migration migration,
            String records,
            TwoSides<Records<K, V>> sides,
            KeyedWrites<K> writes,
            BiPredicate<? super V, ? super V> areEqual) {
        this.migration = migration;
        this.records = records;
        this.sides = sides;
        this.writes = writes;
        this.areEqual = areEqual;
    }

    /** Reads a side, in the caller's thread. */
    Optional<V> read(Side side, K key) throws Exception {
        if (!migration.traffic().isWatched()) {
            return sides.of(side).read(key);
        }
        long begun = migration.nanoTime();
        boolean isFailure = true;
        try {
            Optional<V> found = sides.of(side).read(key);
            isFailure = false;
            return found;
        } finally {
            migration.traffic().record(side, migration.nanoTime() - begun, isFailure);
        }
    }

    /** Has the answer of a side compared with the other's, by the shadow's threads. */
    void compareLater(Side authority, K key, Optional<V> answer) {
        migration.offerToShadow(() -> {
            Comparison result;
            try {
                result = compare(authority, key, answer);
            } catch (Exception | Error failure) {
                result = Comparison.SHADOW_FAILED;
            }
            migration.publish(new ReadCompared(
                    migration.name(), records, authority, writes.names().textOf(key), result));
        });
    }

    private Comparison compare(Side authority, K key, Optional<V> answer) throws Exception {
        if (areEqual(answer, read(authority.other(), key))) {
            return Comparison.EQUAL;
        }
        if (writes.isOwed(key)) {
            return Comparison.IN_FLIGHT;
        }
        Optional<V> shadowAgain = sides.of(authority.other()).read(key);
        Optional<V> again = sides.of(authority).read(key);
        if (areEqual(again, shadowAgain)) {
            return Comparison.EQUAL;
        }
        return writes.isOwed(key) || !areEqual(answer, again) ? Comparison.IN_FLIGHT : Comparison.DIFFERENT;
    }

    private boolean areEqual(Optional<V> one, Optional<V> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() && other.isEmpty();
        }
        return areEqual.test(one.get(), other.get());
    }

    /**
     * The target has failed a read while legacy still receives every write: legacy's answer, unless a write of the key, of this node or of another, may
     * still be on its way there.
     */
    Optional<V> fallBack(K key, Throwable failure) throws Exception {
        if (writes.mayBeOwed(key) || isOwedByAnyNode(key, failure)) {
            throw rethrown(failure);
        }
        Optional<V> answer;
        try {
            answer = read(Side.LEGACY, key);
        } catch (Exception | Error second) {
            failure.addSuppressed(second);
            throw rethrown(failure);
        }
        migration.publish(new FellBack(migration.name(), records, Side.TARGET, failure));
        return answer;
    }

    /** Whether the key is owed, written by whatever node; where the journal cannot be read either, it may be. */
    private boolean isOwedByAnyNode(K key, Throwable failure) {
        try {
            return writes.isOwed(key);
        } catch (RuntimeException | Error unread) {
            failure.addSuppressed(unread);
            return true;
        }
    }

    private static Exception rethrown(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return (Exception) failure;
    }
}
