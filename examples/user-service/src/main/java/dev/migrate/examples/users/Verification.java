package dev.migrate.examples.users;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the target's {@code users} knows beyond legacy's. */
public record Verification(
        @Nullable Instant emailVerifiedAt,
        @Nullable Instant phoneVerifiedAt,
        boolean twoFactorEnabled,
        @Nullable Instant lastLoginAt) {

    public static final Verification NONE = new Verification(null, null, false, null);

    public Verification withEmailVerifiedAt(Instant time) {
        return new Verification(time, phoneVerifiedAt, twoFactorEnabled, lastLoginAt);
    }

    public Verification withLastLoginAt(Instant time) {
        return new Verification(emailVerifiedAt, phoneVerifiedAt, twoFactorEnabled, time);
    }
}
