package dev.migrate.examples.users;

import org.jspecify.annotations.Nullable;

/**
 * What the target's {@code user_sessions} knows beyond legacy's.
 *
 * @param type {@code web}, {@code mobile}, {@code api} or {@code admin}
 */
public record SessionKind(String type, boolean mobile) {

    /** The kind that a browser's user agent tells. */
    public static SessionKind of(@Nullable String userAgent) {
        boolean mobile = userAgent != null && userAgent.contains("Mobile");
        return new SessionKind(mobile ? "mobile" : "web", mobile);
    }
}
