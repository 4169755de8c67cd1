package dev.migrate.servlet;

import dev.migrate.MigrationException;
import org.jspecify.annotations.Nullable;

/** Thrown where a {@link RemoteSide} gave no answer, or not a whole one. */
public final class RemoteSideException extends MigrationException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final boolean isSent;

    RemoteSideException(int status, boolean isSent, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
        this.isSent = isSent;
    }

    /** The status that tells a caller of it: 502 not reached or broken off, 503 no connection free, 504 timed out. */
    public int status() {
        return status;
    }

    /** Whether some of the request may have arrived; where not, repeating it elsewhere is safe. */
    public boolean isSent() {
        return isSent;
    }
}
