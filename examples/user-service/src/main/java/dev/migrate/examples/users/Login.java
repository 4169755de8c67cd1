package dev.migrate.examples.users;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /users/login}.
 *
 * @param sessionId drawn by the gateway, so that the session has its key before it is known which side makes it
 */
public record Login(
        String sessionId,
        String password,
        @Nullable String ipAddress,
        @Nullable String userAgent,
        Instant expiresAt) {

    /** The session to store. */
    public Session session() {
        return new Session(sessionId, ipAddress, userAgent, expiresAt, null, null, null);
    }

    /** Nothing of it: password and session id are credentials. */
    @Override
    public String toString() {
        return "Login[…]";
    }
}
