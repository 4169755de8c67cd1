package dev.migrate;

import org.jspecify.annotations.Nullable;

/**
 * What this library throws of its own: a refused option, a refused step, a store that cannot be reached.
 *
 * <p>The message names the option or the migration, the rule, the offending value and the remedy. Exceptions of the
 * application's own code pass through as they were thrown and are never wrapped in this one.
 */
public class MigrationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception with a message that says what to do. */
    public MigrationException(String message) {
        super(message);
    }

    /** Creates an exception with a message that says what to do, and what led to it. */
    public MigrationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
