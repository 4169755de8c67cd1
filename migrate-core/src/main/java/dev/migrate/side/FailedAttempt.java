package dev.migrate.side;

import java.time.Instant;

/**
 * How an attempt to copy a key has failed, and what is to become of the key.
 *
 * @param notBefore when the key is tried again at the earliest
 * @param error why, without any value of a row
 * @param isConflict whether another key was in the way, so that the two may be copied together
 * @param park whether the key is left until somebody decides
 * @param isFirst whether failed attempts before this one no longer count, because part of what was owed has arrived since
 */
public record FailedAttempt(Instant notBefore, String error, boolean isConflict, boolean park, boolean isFirst) {
    /** An attempt that counts with those before it. */
    public FailedAttempt(Instant notBefore, String error, boolean isConflict, boolean park) {
        this(notBefore, error, isConflict, park, false);
    }
}
