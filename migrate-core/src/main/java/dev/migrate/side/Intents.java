package dev.migrate.side;

import java.time.Instant;

/**
 * The writes of one side that are made outside of its books' transactions: by plain functions, by a remote service.
 *
 * <p>Such a write is announced, made, and acknowledged. What was announced and not acknowledged counts as {@link Debt}, so that no handover
 * passes over it. Once its deadline is over anybody may settle it: from then on it cannot be acknowledged any more, and its key is owed,
 * so that whatever it did is copied. Settling claims before anything is read: whoever read first would copy a value that a write,
 * acknowledged in between, has replaced.
 *
 * <p>Each method is a transaction of its own, committed when it returns, whatever transaction the thread is in. Thread-safe.
 */
public interface Intents {
    /**
     * Announces a write: checks, under the lock under which {@link SideBooks#admit} does, that the segment's role is
     * {@link Role#AUTHORITY}, and notes the intent.
     *
     * @param deadline when the write has surely taken effect, or never will
     * @param owner who makes the write: 1 to 200 characters
     * @throws dev.migrate.RefusedWriteException where the role does not allow the write: it must not be made
     */
    Intent begin(SideBooks.Key key, Instant deadline, String owner);

    /**
     * Ends a write, whatever it did: removes the intent and owes the key under a new version, in one step.
     *
     * @return false where it was settled meanwhile: nothing was changed, and the write must not be acknowledged to its caller
     */
    boolean acknowledge(Intent intent);

    /**
     * Claims the intents whose deadline is over, at most {@code limit}: removes each and owes its key under a new version, in one step. To
     * be called before anything is read of the side.
     *
     * @return how many there were
     */
    int settleOverdue(Instant now, int limit);

    /** Whether a write of a key was announced that has neither been acknowledged nor settled. */
    boolean isBegun(String key);

    /** What was announced and neither acknowledged nor settled, in a range of segments. */
    Debt debt(SegmentRange range);
}
