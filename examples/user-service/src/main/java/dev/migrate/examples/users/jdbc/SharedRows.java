package dev.migrate.examples.users.jdbc;

import static dev.migrate.examples.users.jdbc.Sql.column;
import static dev.migrate.examples.users.jdbc.Sql.instant;
import static java.util.Objects.requireNonNull;

import dev.migrate.examples.users.Privacy;
import dev.migrate.examples.users.Profile;
import dev.migrate.examples.users.Session;
import dev.migrate.examples.users.User;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;

/** Between the records and the columns that both schemas have. */
public final class SharedRows {

    private SharedRows() {}

    public static User user(ResultSet row) throws SQLException {
        return new User(
                row.getLong("id"),
                row.getString("username"),
                row.getString("email"),
                row.getString("password_hash"),
                row.getString("first_name"),
                row.getString("last_name"),
                row.getString("phone"),
                row.getBoolean("is_active"),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    public static Profile profile(ResultSet row) throws SQLException {
        return new Profile(
                row.getLong("id"),
                row.getString("bio"),
                row.getString("avatar_url"),
                row.getObject("birth_date", LocalDate.class),
                row.getString("location"),
                row.getString("website"),
                Privacy.ofColumn(row.getString("privacy_level")),
                null,
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    public static Session session(ResultSet row) throws SQLException {
        return new Session(
                row.getString("id"),
                row.getString("ip_address"),
                row.getString("user_agent"),
                requireNonNull(instant(row, "expires_at")),
                null,
                instant(row, "created_at"),
                instant(row, "last_activity"));
    }

    static Row of(User user) {
        return new Row()
                .set("id", user.id())
                .set("username", user.username())
                .set("email", user.email())
                .set("password_hash", user.passwordHash())
                .set("first_name", user.firstName())
                .set("last_name", user.lastName())
                .set("phone", user.phone())
                .set("is_active", user.active())
                .setIfPresent("created_at", column(user.createdAt()))
                .setIfPresent("updated_at", column(user.updatedAt()));
    }

    static Row of(long userId, Profile profile) {
        return new Row()
                .setIfPresent("id", profile.id())
                .set("user_id", userId)
                .set("bio", profile.bio())
                .set("avatar_url", profile.avatarUrl())
                .set("birth_date", profile.birthDate())
                .set("location", profile.location())
                .set("website", profile.website())
                .set("privacy_level", profile.privacy().column())
                .setIfPresent("created_at", column(profile.createdAt()))
                .setIfPresent("updated_at", column(profile.updatedAt()));
    }

    static Row of(long userId, Session session) {
        return new Row()
                .set("id", session.id())
                .set("user_id", userId)
                .set("ip_address", session.ipAddress())
                .set("user_agent", session.userAgent())
                .set("expires_at", column(session.expiresAt()))
                .setIfPresent("created_at", column(session.createdAt()))
                .setIfPresent("last_activity", column(session.lastActivity()));
    }
}
