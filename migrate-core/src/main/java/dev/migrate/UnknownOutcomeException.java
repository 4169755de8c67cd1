package dev.migrate;

import org.jspecify.annotations.Nullable;

/**
 * A write was made, and it cannot be said whether it has taken effect for good: its acknowledgement was lost, or it came later than writes
 * are allowed to, when others had gone on without it; or it was recognised as the repetition of one that still runs.
 *
 * <p>It may be there or not, now or a moment later. Whatever it did, both sides of a router will be equal: the key is owed. Read the key to
 * see what holds, and repeat the write only where repeating it is safe. A write that failed with an exception of the application's own ends
 * with that exception, and not with this one.
 */
public final class UnknownOutcomeException extends MigrationException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception, with what led to it, where something did. */
    public UnknownOutcomeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
