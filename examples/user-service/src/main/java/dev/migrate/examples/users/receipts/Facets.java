package dev.migrate.examples.users.receipts;

import dev.migrate.examples.users.Account;
import dev.migrate.examples.users.Login;
import dev.migrate.examples.users.Privacy;
import dev.migrate.examples.users.Profile;
import dev.migrate.examples.users.ProfileContent;
import dev.migrate.examples.users.Session;
import dev.migrate.examples.users.User;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** The facets of an account and the fields whose digest each is, in the order in which the check reads its columns. */
public final class Facets {

    public static final String USER = "user";
    public static final String ACTIVE = "active";
    public static final String PROFILE = "profile";
    private static final String SESSION = "session:";

    private Facets() {}

    public static String session(String sessionId) {
        return SESSION + sessionId;
    }

    public static boolean isSession(String facet) {
        return facet.startsWith(SESSION);
    }

    public static String sessionId(String facet) {
        return facet.substring(SESSION.length());
    }

    public static String digest(User user) {
        return Digest.of(
                user.username(), user.email(), user.passwordHash(), user.firstName(), user.lastName(), user.phone());
    }

    public static String digest(ProfileContent profile) {
        Privacy privacy = profile.privacy();
        return Digest.of(
                profile.bio(),
                profile.avatarUrl(),
                profile.birthDate(),
                profile.location(),
                profile.website(),
                privacy.column());
    }

    public static String digest(Session session) {
        return Digest.of(
                session.ipAddress(), session.userAgent(), LocalDateTime.ofInstant(session.expiresAt(), ZoneOffset.UTC));
    }

    /** A whole account, and nothing beside it. */
    public static Effects of(Account account) {
        Effects effects = Effects.GONE
                .and(USER, digest(account.user()))
                .and(ACTIVE, Boolean.toString(account.user().active()));
        Profile profile = account.profile();
        if (profile != null) {
            effects = effects.and(PROFILE, digest(profile.content()));
        }
        for (Session session : account.sessions()) {
            effects = effects.and(session(session.id()), digest(session));
        }
        return effects;
    }

    public static Effects of(Login login) {
        return Effects.of(session(login.sessionId()), digest(login.session()));
    }
}
