package dev.migrate.examples.users.jdbc;

import dev.migrate.examples.users.Profile;
import dev.migrate.examples.users.Session;
import dev.migrate.examples.users.User;
import dev.migrate.jdbc.JdbcRecords;
import dev.migrate.jdbc.JoiningDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The rows of either side as the routers copy them: the columns that both schemas have. What only one side has keeps its value.
 *
 * <p>A row is found by the user's id first, so that everything of a user moves together.
 */
public final class SharedRecords {

    private SharedRecords() {}

    /** A profile and whose it is. */
    public record OwnedProfile(long userId, Profile profile) {}

    /** A session and whose it is. */
    public record OwnedSession(long userId, Session session) {

        /** The user's id and the session's own. */
        public List<Object> key() {
            return List.of(userId, session.id());
        }
    }

    /** Users by id. */
    public static JdbcRecords<Long, User> users(JoiningDataSource database) {
        return JdbcRecords.of(
                database,
                (connection, id) ->
                        Sql.first(connection, "select * from users where id = ?", List.of(id), SharedRows::user),
                (connection, user) -> {
                    SharedRows.of(user).upsertInto(connection, "users", "id");
                    return user;
                },
                (connection, id) -> Sql.update(connection, "delete from users where id = ?", List.of(id)));
    }

    /** Profiles by the user's id. */
    public static JdbcRecords<Long, OwnedProfile> profiles(JoiningDataSource database) {
        return JdbcRecords.of(
                database,
                (connection, id) -> Sql.first(
                        connection,
                        "select * from user_profiles where user_id = ?",
                        List.of(id),
                        row -> new OwnedProfile(id, SharedRows.profile(row))),
                (connection, profile) -> {
                    SharedRows.of(profile.userId(), profile.profile())
                            .upsertInto(connection, "user_profiles", "user_id");
                    return profile;
                },
                (connection, id) -> Sql.update(connection, "delete from user_profiles where user_id = ?", List.of(id)));
    }

    /** Sessions by the user's id and their own. */
    public static JdbcRecords<List<Object>, OwnedSession> sessions(JoiningDataSource database) {
        return JdbcRecords.of(
                database,
                (connection, key) -> Sql.first(
                        connection,
                        "select * from user_sessions where user_id = ? and id = ?",
                        key,
                        row -> new OwnedSession((Long) key.get(0), SharedRows.session(row))),
                (connection, session) -> {
                    SharedRows.of(session.userId(), session.session()).upsertInto(connection, "user_sessions", "id");
                    return session;
                },
                (connection, key) ->
                        Sql.update(connection, "delete from user_sessions where user_id = ? and id = ?", key));
    }

    /** The keys of all sessions of a user. */
    public static List<List<Object>> sessionKeys(Connection connection, long userId) throws SQLException {
        return Sql.all(
                connection,
                "select id from user_sessions where user_id = ?",
                List.of(userId),
                row -> List.of(userId, row.getString(1)));
    }
}
