package dev.migrate.examples.users.jdbc;

import dev.migrate.examples.users.Account;
import dev.migrate.examples.users.Profile;
import dev.migrate.examples.users.Session;
import dev.migrate.examples.users.User;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tables and columns that both schemas have; a side adds its own columns to the rows that are written and read. */
public abstract class JdbcAccounts implements Accounts {

    private static final String SELECT_SESSIONS = "select * from user_sessions where user_id = ? order by id";

    @Override
    public Optional<Account> find(Connection connection, Long id) throws SQLException {
        Optional<Account> user = Sql.first(connection, "select * from users where id = ?", List.of(id), this::account);
        return user.isEmpty() ? user : Optional.of(withParts(connection, user.get()));
    }

    /** The row first, what hangs on it second: a statement sees nothing that was committed after it began to wait. */
    @Override
    public Optional<Account> lock(Connection connection, Long id) throws SQLException {
        boolean locked = Sql.first(
                        connection, "select id from users where id = ? for update", List.of(id), row -> row.getLong(1))
                .isPresent();
        return locked ? find(connection, id) : Optional.empty();
    }

    @Override
    public Optional<Account> create(Connection connection, Account account) throws SQLException {
        if (!userRow(account).insertInto(connection, "users")) {
            return Optional.empty();
        }
        saveParts(connection, account);
        return find(connection, account.id());
    }

    @Override
    public Account save(Connection connection, Account account) throws SQLException {
        userRow(account).upsertInto(connection, "users", "id");
        saveParts(connection, account);
        return find(connection, account.id()).orElseThrow();
    }

    @Override
    public boolean delete(Connection connection, Long id) throws SQLException {
        return Sql.update(connection, "delete from users where id = ?", List.of(id)) == 1;
    }

    /** An account without profile and sessions, from a row of {@code users}. */
    protected Account account(ResultSet row) throws SQLException {
        return Account.of(SharedRows.user(row));
    }

    protected Profile profile(ResultSet row) throws SQLException {
        return SharedRows.profile(row);
    }

    protected Session session(ResultSet row) throws SQLException {
        return SharedRows.session(row);
    }

    protected Row userRow(Account account) {
        User user = account.user();
        return SharedRows.of(user);
    }

    protected Row profileRow(long userId, Profile profile) {
        return SharedRows.of(userId, profile);
    }

    protected Row sessionRow(long userId, Session session) {
        return SharedRows.of(userId, session);
    }

    /** The account with its profile, sessions and whatever else the side has. */
    protected Account withParts(Connection connection, Account user) throws SQLException {
        Account account = user.withSessions(sessions(connection, user.id()));
        return Sql.first(connection, "select * from user_profiles where user_id = ?", List.of(user.id()), this::profile)
                .map(account::with)
                .orElse(account);
    }

    protected void saveParts(Connection connection, Account account) throws SQLException {
        Profile profile = account.profile();
        if (profile == null) {
            Sql.update(connection, "delete from user_profiles where user_id = ?", List.of(account.id()));
        } else {
            profileRow(account.id(), profile).upsertInto(connection, "user_profiles", "user_id");
        }
        deleteSessionsExcept(connection, account);
        for (Session session : account.sessions()) {
            sessionRow(account.id(), session).upsertInto(connection, "user_sessions", "id");
        }
    }

    private List<Session> sessions(Connection connection, long userId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SELECT_SESSIONS)) {
            statement.setLong(1, userId);
            List<Session> sessions = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    sessions.add(session(rows));
                }
            }
            return sessions;
        }
    }

    private static void deleteSessionsExcept(Connection connection, Account account) throws SQLException {
        Array kept = connection.createArrayOf(
                "varchar", account.sessions().stream().map(Session::id).toArray());
        Sql.update(
                connection,
                "delete from user_sessions where user_id = ? and id <> all (?)",
                List.of(account.id(), kept));
        kept.free();
    }
}
