package dev.migrate.examples.users;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code user_sessions}.
 *
 * @param kind null where the side has none: a copy from there leaves the receiver's as it is
 * @param createdAt null lets the database that stores the row make the time
 * @param lastActivity null lets the database that stores the row make the time
 */
public record Session(
        String id,
        @Nullable String ipAddress,
        @Nullable String userAgent,
        Instant expiresAt,
        @Nullable SessionKind kind,
        @Nullable Instant createdAt,
        @Nullable Instant lastActivity) {

    public Session withKind(@Nullable SessionKind changed) {
        return new Session(id, ipAddress, userAgent, expiresAt, changed, createdAt, lastActivity);
    }

    /** This session as a database holds it. */
    public Session storedAt(Instant time) {
        return new Session(id, ipAddress, userAgent, expiresAt, kind, time, time);
    }

    /** Nothing of it: a session id is a credential. */
    @Override
    public String toString() {
        return "Session[…]";
    }
}
