package dev.migrate.examples.users.side;

import dev.migrate.examples.users.Login;
import dev.migrate.examples.users.NewUser;
import dev.migrate.examples.users.Passwords;
import dev.migrate.examples.users.Profile;
import dev.migrate.examples.users.ProfileContent;
import dev.migrate.examples.users.Session;
import dev.migrate.examples.users.User;
import dev.migrate.examples.users.UserChange;
import dev.migrate.examples.users.UserService;
import dev.migrate.examples.users.UserServiceException.UnknownUser;
import dev.migrate.examples.users.UserServiceException.UserExists;
import dev.migrate.examples.users.UserServiceException.WrongPassword;
import dev.migrate.examples.users.jdbc.SharedRows;
import dev.migrate.examples.users.jdbc.Sql;
import dev.migrate.examples.users.jdbc.Transactions;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The legacy service as it grew: a statement of its own for each endpoint, and the database's errors for rules. */
public final class LegacyUserService implements UserService {

    private static final String INSERT_USER = """
            insert into users (id, username, email, password_hash, first_name, last_name, phone, is_active)
            values (?, ?, ?, ?, ?, ?, ?, ?) returning *""";

    private static final String UPDATE_USER =
            "update users set email = ?, first_name = ?, last_name = ?, phone = ? where id = ? returning *";

    private static final String PUT_PROFILE = """
            insert into user_profiles (user_id, bio, avatar_url, birth_date, location, website, privacy_level)
            values (?, ?, ?, ?, ?, ?, ?)
            on conflict (user_id) do update set bio = excluded.bio, avatar_url = excluded.avatar_url,
              birth_date = excluded.birth_date, location = excluded.location, website = excluded.website,
              privacy_level = excluded.privacy_level
            returning *""";

    private static final String INSERT_SESSION = """
            insert into user_sessions (id, user_id, ip_address, user_agent, expires_at)
            values (?, ?, ?, ?, ?) returning *""";

    private final Transactions transactions;

    public LegacyUserService(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public Optional<User> getUser(long id) throws SQLException {
        return transactions.call(
                connection -> Sql.first(connection, "select * from users where id = ?", List.of(id), SharedRows::user));
    }

    @Override
    public User createUser(long id, NewUser user) throws SQLException {
        User row = user.as(id);
        List<Object> values = Arrays.asList(
                id,
                row.username(),
                row.email(),
                row.passwordHash(),
                row.firstName(),
                row.lastName(),
                row.phone(),
                row.active());
        try {
            return transactions
                    .call(connection -> Sql.first(connection, INSERT_USER, values, SharedRows::user))
                    .orElseThrow();
        } catch (SQLException e) {
            throw userExistsOr(e, id);
        }
    }

    @Override
    public User updateUser(long id, UserChange change) throws SQLException {
        List<Object> values = Arrays.asList(change.email(), change.firstName(), change.lastName(), change.phone(), id);
        try {
            return transactions
                    .call(connection -> Sql.first(connection, UPDATE_USER, values, SharedRows::user))
                    .orElseThrow(() -> new UnknownUser(id));
        } catch (SQLException e) {
            throw userExistsOr(e, id);
        }
    }

    @Override
    public boolean deleteUser(long id) throws SQLException {
        return transactions.call(
                connection -> Sql.update(connection, "delete from users where id = ?", List.of(id)) == 1);
    }

    @Override
    public Optional<Profile> getProfile(long id) throws SQLException {
        return transactions.call(connection -> Sql.first(
                connection, "select * from user_profiles where user_id = ?", List.of(id), SharedRows::profile));
    }

    @Override
    public Profile putProfile(long id, ProfileContent content) throws SQLException {
        List<Object> values = Arrays.asList(
                id,
                content.bio(),
                content.avatarUrl(),
                content.birthDate(),
                content.location(),
                content.website(),
                content.privacy().column());
        try {
            return transactions
                    .call(connection -> Sql.first(connection, PUT_PROFILE, values, SharedRows::profile))
                    .orElseThrow();
        } catch (SQLException e) {
            throw unknownUserOr(e, id);
        }
    }

    @Override
    public User verifyEmail(long id) throws SQLException {
        return transactions
                .call(connection -> Sql.first(
                        connection,
                        "update users set is_active = true where id = ? returning *",
                        List.of(id),
                        SharedRows::user))
                .orElseThrow(() -> new UnknownUser(id));
    }

    @Override
    public Session login(long id, Login login) throws SQLException {
        List<Object> values = Arrays.asList(
                login.sessionId(), id, login.ipAddress(), login.userAgent(), Sql.column(login.expiresAt()));
        try {
            return transactions.call(connection -> {
                User user = Sql.first(connection, "select * from users where id = ?", List.of(id), SharedRows::user)
                        .orElseThrow(() -> new UnknownUser(id));
                if (!Passwords.matches(user.passwordHash(), user.username(), login.password())) {
                    throw new WrongPassword(id);
                }
                return Sql.first(connection, INSERT_SESSION, values, SharedRows::session)
                        .orElseThrow();
            });
        } catch (SQLException e) {
            throw unknownUserOr(e, id);
        }
    }

    @Override
    public boolean logout(long id, String sessionId) throws SQLException {
        return transactions.call(connection ->
                Sql.update(connection, "delete from user_sessions where id = ? and user_id = ?", List.of(sessionId, id))
                        == 1);
    }

    private static SQLException userExistsOr(SQLException e, long id) {
        if (Sql.isUniqueViolation(e)) {
            throw new UserExists(id);
        }
        return e;
    }

    private static SQLException unknownUserOr(SQLException e, long id) {
        if (Sql.isForeignKeyViolation(e)) {
            throw new UnknownUser(id);
        }
        return e;
    }
}
