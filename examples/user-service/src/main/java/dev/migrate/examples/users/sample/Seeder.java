package dev.migrate.examples.users.sample;

import dev.migrate.examples.users.Account;
import dev.migrate.examples.users.Profile;
import dev.migrate.examples.users.Session;
import dev.migrate.examples.users.User;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.LongConsumer;
import org.postgresql.PGConnection;

/** Fills the legacy tables with {@link People#seeded}, by COPY. */
public final class Seeder {

    private static final long BATCH = 5_000;
    private static final String NEXT_IDS = """
            select setval(pg_get_serial_sequence('users', 'id'), greatest((select max(id) from users), 1)),
                   setval(pg_get_serial_sequence('user_profiles', 'id'),
                          greatest((select max(id) from user_profiles), 1))""";

    private final People people;

    public Seeder(People people) {
        this.people = people;
    }

    /**
     * Inserts the users 1 to {@code users}, in one transaction, and sets the sequences past them.
     *
     * @param progress is told how many users there are so far
     */
    public void seed(Connection legacy, long users, LongConsumer progress) throws SQLException, IOException {
        legacy.setAutoCommit(false);
        PGConnection postgres = legacy.unwrap(PGConnection.class);
        for (long first = 1; first <= users; first += BATCH) {
            long last = Math.min(users, first + BATCH - 1);
            copy(postgres, first, last);
            progress.accept(last);
        }
        try (Statement statement = legacy.createStatement()) {
            statement.execute(NEXT_IDS);
        }
        legacy.commit();
    }

    private void copy(PGConnection postgres, long first, long last) throws SQLException, IOException {
        CopyText users = new CopyText();
        CopyText profiles = new CopyText();
        CopyText sessions = new CopyText();
        for (long id = first; id <= last; id++) {
            Account account = people.seeded(id);
            addUser(users, account.user());
            Profile profile = account.profile();
            if (profile != null) {
                addProfile(profiles, id, profile);
            }
            for (Session session : account.sessions()) {
                addSession(sessions, id, session);
            }
        }
        users.into(
                postgres,
                "users (id, username, email, password_hash, first_name, last_name, phone, is_active, created_at,"
                        + " updated_at)");
        profiles.into(
                postgres,
                "user_profiles (id, user_id, bio, avatar_url, birth_date, location, website, privacy_level,"
                        + " created_at, updated_at)");
        sessions.into(
                postgres, "user_sessions (id, user_id, ip_address, user_agent, expires_at, created_at, last_activity)");
    }

    private static void addUser(CopyText rows, User user) {
        rows.row(
                user.id(),
                user.username(),
                user.email(),
                user.passwordHash(),
                user.firstName(),
                user.lastName(),
                user.phone(),
                user.active(),
                user.createdAt(),
                user.updatedAt());
    }

    private static void addProfile(CopyText rows, long userId, Profile profile) {
        rows.row(
                profile.id(),
                userId,
                profile.bio(),
                profile.avatarUrl(),
                profile.birthDate(),
                profile.location(),
                profile.website(),
                profile.privacy().column(),
                profile.createdAt(),
                profile.updatedAt());
    }

    private static void addSession(CopyText rows, long userId, Session session) {
        rows.row(
                session.id(),
                userId,
                session.ipAddress(),
                session.userAgent(),
                session.expiresAt(),
                session.createdAt(),
                session.lastActivity());
    }
}
