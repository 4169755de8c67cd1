package dev.migrate.side;

import dev.migrate.MigrationException;
import org.jspecify.annotations.Nullable;

/**
 * A record could not be written because of another one: that holds a value which must be unique, is not there although this one refers
 * to it, or still refers to this one.
 *
 * <p>Thrown by records of a kind of one's own, so that the two are copied together. What a database throws is recognized without it.
 */
public class ConflictException extends MigrationException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception with a message that names the rule, and no value of a row. */
    public ConflictException(String message) {
        super(message);
    }

    /** Creates an exception with a message that names the rule, and no value of a row, and what led to it. */
    public ConflictException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Whether a failure is, or was caused by, such an exception. */
    static boolean isIn(Throwable failure) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (one instanceof ConflictException) {
                return true;
            }
        }
        return false;
    }
}
