package dev.migrate.internal.write;

import dev.migrate.Migration;
import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.Version;
import dev.migrate.side.SideBooks;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes of a side that cannot share a transaction with its books, at a time when nothing is owed.
 *
 * <p>They are not announced, because no copy runs before every node has acknowledged that it owes. But a node whose lease runs out in the
 * middle of a call is given up on, and copies may begin without it, whatever it has seen. So after such a call it asks the books, in the
 * step in which it owes: the write counts where the side is still authoritative. Where the books are out of reach, the caller is told that the outcome
 * is not known, and the worker asks again until they answer: what stands in the side is then owed.
 *
 * <p>What is not promised: what the call of a node has done that dies before it has asked is found by reconciliation alone.
 */
final class UnowedWrites {
    private static final Logger LOG = LoggerFactory.getLogger(UnowedWrites.class);
    private final Migration migration;
    private final TwoSides<SideOfWrites> sides;
    private final UnknownOutcomes unknown;
    private final IntentWrites.Owing told;
    private final Set<Unasked> unasked = ConcurrentHashMap.newKeySet();

    /** A write of which the books have yet to be asked. */
    private record Unasked(Side side, SideBooks.Key key) {}

    UnowedWrites(KeyedWrites.Options<?> options, IntentWrites.Owing told) {
        this.migration = options.migration();
        this.sides = options.sides();
        this.unknown = new UnknownOutcomes(options.migration(), options.records());
        this.told = told;
    }

    /**
     * Makes a write.
     *
     * @param key the key as the books name it, asked for only where they are asked
     * @param lapses how often the node's lease had run out before it was last found valid
     */
    <T extends @Nullable Object> T carryOut(
            Side side, Supplier<SideBooks.Key> key, long lapses, KeyedWrites.Operation<T> operation) throws Exception {
        T result;
        try {
            result = operation.on(side, Version.NONE);
        } catch (Exception | Error failure) {
            oweAfterFailure(side, key, lapses, failure);
            throw failure;
        }
        if (migration.leaseLapses() != lapses) {
            requireHolds(side, key.get());
        }
        return result;
    }

    private void oweAfterFailure(Side side, Supplier<SideBooks.Key> key, long lapses, Throwable failure) {
        if (migration.leaseLapses() != lapses) {
            SideBooks.Key inBooks = key.get();
            try {
                holds(side, inBooks);
            } catch (Exception unreachable) {
                unasked.add(new Unasked(side, inBooks));
                failure.addSuppressed(unreachable);
            }
        }
    }

    private void requireHolds(Side side, SideBooks.Key key) {
        boolean holds;
        try {
            holds = holds(side, key);
        } catch (Exception unreachable) {
            unasked.add(new Unasked(side, key));
            throw unknown.because(
                    side, "this node's lease ran out meanwhile, and its books are out of reach", unreachable);
        }
        if (!holds) {
            throw unknown.because(side, "this node's lease ran out meanwhile, and authority moved without it", null);
        }
    }

    /** Asks the books of writes for which they were out of reach. */
    void askAgain() {
        for (Unasked write : List.copyOf(unasked)) {
            unasked.remove(write); // before asking: it may be written once more meanwhile
            try {
                holds(write.side(), write.key());
            } catch (Exception unreachable) {
                unasked.add(write);
                LOG.debug("the books of the {} side are still out of reach", write.side(), unreachable);
            }
        }
    }

    /** Whether the side is still authoritative; the key is owed where writes are by now. */
    private boolean holds(Side side, SideBooks.Key key) throws Exception {
        return isAdmitted(side, key, false) || isOwed(side, key);
    }

    private boolean isOwed(Side side, SideBooks.Key key) throws Exception {
        boolean isAuthority = isAdmitted(side, key, true);
        if (!isAuthority) {
            sides.of(side).books().owe(List.of(key), Instant.EPOCH);
        }
        told.owing(side, key.text(), key.segment());
        return isAuthority;
    }

    private boolean isAdmitted(Side side, SideBooks.Key key, boolean owe) throws Exception {
        SideBooks books = sides.of(side).books();
        try {
            books.inTransaction(() -> books.admit(key.text(), key.segment(), owe));
            return true;
        } catch (RefusedWriteException refused) {
            return false;
        }
    }
}
