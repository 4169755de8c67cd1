package dev.migrate.side;

import dev.migrate.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key that the other side is owed, or was owed until somebody dismissed it.
 *
 * @param key the canonical key
 * @param segment its segment
 * @param version the version of the latest authoritative write
 * @param since when it was first owed
 * @param attempts failed attempts so far
 * @param lastError why the last attempt failed, without any value of a row; null where there was none
 * @param isParked whether attempts have been given up until somebody decides; false once that is dismissed
 * @param dismissal who dismissed it and why; null where nobody did
 */
public record Owed(
        String key,
        int segment,
        Version version,
        Instant since,
        int attempts,
        @Nullable String lastError,
        boolean isParked,
        @Nullable Dismissal dismissal) {
    /** A key that nobody has dismissed. */
    public Owed(
            String key,
            int segment,
            Version version,
            Instant since,
            int attempts,
            @Nullable String lastError,
            boolean isParked) {
        this(key, segment, version, since, attempts, lastError, isParked, null);
    }

    /** Whether somebody has dismissed it. */
    public boolean isDismissed() {
        return dismissal != null;
    }
}
