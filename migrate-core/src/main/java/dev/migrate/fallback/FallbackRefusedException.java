package dev.migrate.fallback;

import dev.migrate.MigrationException;

/**
 * A call was made on neither side: the target's breaker is open, and legacy already has as many fallbacks as it may, or the time
 * for a fallback is over.
 *
 * <p>It has no stack trace, because it is thrown in numbers when a target is down.
 */
public final class FallbackRefusedException extends MigrationException {
    private static final long serialVersionUID = 1L;

    FallbackRefusedException(String message) {
        super(message);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
