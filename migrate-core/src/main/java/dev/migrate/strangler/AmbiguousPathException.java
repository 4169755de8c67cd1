package dev.migrate.strangler;

import dev.migrate.MigrationException;

/**
 * A request whose path two servers may understand differently, so that it must not be routed: the answer to it is 400.
 *
 * <p>The message says which rule it breaks, and never contains the path itself.
 */
public final class AmbiguousPathException extends MigrationException {
    private static final long serialVersionUID = 1L;

    AmbiguousPathException(String message) {
        super(message);
    }
}
