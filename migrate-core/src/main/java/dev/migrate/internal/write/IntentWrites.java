package dev.migrate.internal.write;

import dev.migrate.Migration;
import dev.migrate.Side;
import dev.migrate.UnknownOutcomeException;
import dev.migrate.Version;
import dev.migrate.side.Intent;
import dev.migrate.side.SideBooks;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes of a side that cannot share a transaction with its books: announced, made, acknowledged.
 *
 * <p>The announcement commits before the call and is refused where the side is not authoritative; whoever fences the side later finds it
 * and waits. The acknowledgement removes it and owes the key in one step. So whatever was acknowledged is owed, and no handover passes over
 * a call that may yet take effect, until its deadline: from then on anybody settles it, and it is not acknowledged any more.
 *
 * <p>A call that failed without saying that it is over leaves its intent where it is. Its key is owed at once, for what it may have done
 * already, and once more at the deadline, for what it may have done since.
 *
 * <p>What is not promised: a call that takes effect after its deadline, and whose caller does not live to hear of it, is found by
 * reconciliation alone. Plain functions may then even replace what was written later; a side that compares versions does not.
 */
final class IntentWrites<K> {
    /** Told of each key that has come to be owed. */
    interface Owing {
        void owing(Side from, String key, int segment);
    }

    private final Migration migration;
    private final TwoSides<SideOfWrites> sides;
    private final OpenCalls calls;
    private final Owing told;
    private final UnknownOutcomes unknown;

    IntentWrites(KeyedWrites.Options<K> options, Owing told) {
        this.migration = options.migration();
        this.unknown = new UnknownOutcomes(options.migration(), options.records());
        this.sides = options.sides();
        this.calls = options.calls();
        this.told = told;
    }

    private SideBooks books(Side side) {
        return sides.of(side).books();
    }

    /**
     * Announces a write.
     *
     * @throws dev.migrate.RefusedWriteException where the side is not authoritative for the key
     */
    Intent begin(Side side, SideBooks.Key key) {
        return books(side).intents().begin(key, migration.time().instant().plus(calls.endWithin()), migration.node());
    }

    /** Makes a write that was announced. */
    <T extends @Nullable Object> T carryOut(Side side, Intent intent, KeyedWrites.Operation<T> operation)
            throws Exception {
        T result;
        try {
            // Versions from memory begin again with the process, and a side that outlives it would refuse them.
            result = operation.on(side, books(side).isDurable() ? intent.version() : Version.NONE);
        } catch (Exception | Error failure) {
            failed(side, intent, failure);
            throw failure;
        }
        acknowledge(side, intent);
        return result;
    }

    /** The failure is the caller's, whatever becomes of the books: out of their reach the intent stays, and is settled at its deadline. */
    private void failed(Side side, Intent intent, Throwable failure) {
        boolean isOpen = !(failure instanceof OvertakenWrite) && calls.isOpenAfter(failure);
        try {
            if (isOpen || !books(side).intents().acknowledge(intent)) {
                oweAgain(side, intent);
            }
            told.owing(side, intent.key(), intent.segment());
        } catch (RuntimeException unreachable) {
            failure.addSuppressed(unreachable);
        }
        if (isOpen) {
            unknown.tell(side, failure);
        }
    }

    private void acknowledge(Side side, Intent intent) {
        boolean isAcknowledged;
        try {
            isAcknowledged = books(side).intents().acknowledge(intent);
        } catch (RuntimeException unreachable) {
            throw unknown.because(side, "its acknowledgement was lost", unreachable);
        }
        if (!isAcknowledged) {
            UnknownOutcomeException notAcknowledged = unknown.because(
                    side,
                    "it took longer than the " + calls.endWithin()
                            + " of callsEndWithin, and was settled without it; allow longer if such calls are expected",
                    null);
            settled(side, intent, notAcknowledged);
            throw notAcknowledged;
        }
        told.owing(side, intent.key(), intent.segment());
    }

    /** What the write did after it was settled is to be copied too. */
    private void settled(Side side, Intent intent, UnknownOutcomeException notAcknowledged) {
        try {
            oweAgain(side, intent);
            told.owing(side, intent.key(), intent.segment());
        } catch (RuntimeException unreachable) {
            notAcknowledged.addSuppressed(unreachable);
        }
    }

    private void oweAgain(Side side, Intent intent) {
        books(side).owe(List.of(new SideBooks.Key(intent.key(), intent.segment())), Instant.EPOCH);
    }
}
