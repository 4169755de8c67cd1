package dev.migrate.examples.users.side;

import dev.migrate.examples.users.Account;
import dev.migrate.examples.users.Login;
import dev.migrate.examples.users.NewUser;
import dev.migrate.examples.users.Passwords;
import dev.migrate.examples.users.Profile;
import dev.migrate.examples.users.ProfileContent;
import dev.migrate.examples.users.Session;
import dev.migrate.examples.users.SessionKind;
import dev.migrate.examples.users.User;
import dev.migrate.examples.users.UserChange;
import dev.migrate.examples.users.UserService;
import dev.migrate.examples.users.UserServiceException.UnknownUser;
import dev.migrate.examples.users.UserServiceException.UserExists;
import dev.migrate.examples.users.UserServiceException.WrongPassword;
import dev.migrate.examples.users.Verification;
import dev.migrate.examples.users.jdbc.Accounts;
import dev.migrate.examples.users.jdbc.Sql;
import dev.migrate.examples.users.jdbc.Transactions;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The target service: every change locks the account, changes it as a value and stores it. */
public final class TargetUserService implements UserService {

    private final Accounts accounts = new TargetAccounts();
    private final Transactions transactions;
    private final InstantSource time;

    public TargetUserService(Transactions transactions, InstantSource time) {
        this.transactions = transactions;
        this.time = time;
    }

    @Override
    public Optional<User> getUser(long id) throws SQLException {
        return find(id).map(Account::user);
    }

    @Override
    public User createUser(long id, NewUser user) throws SQLException {
        Account account = Account.of(user.as(id));
        return transactions
                .call(connection -> accounts.create(connection, account))
                .orElseThrow(() -> new UserExists(id))
                .user();
    }

    @Override
    public User updateUser(long id, UserChange change) throws SQLException {
        try {
            return change(id, account -> account.with(account.user().with(change)))
                    .user();
        } catch (SQLException e) {
            if (Sql.isUniqueViolation(e)) {
                throw new UserExists(id);
            }
            throw e;
        }
    }

    @Override
    public boolean deleteUser(long id) throws SQLException {
        return transactions.call(connection -> accounts.delete(connection, id));
    }

    @Override
    public Optional<Profile> getProfile(long id) throws SQLException {
        return find(id).map(Account::profile);
    }

    @Override
    public Profile putProfile(long id, ProfileContent content) throws SQLException {
        Account changed = change(id, account -> {
            Profile profile = account.profile();
            return account.with(profile == null ? Profile.of(content) : profile.with(content));
        });
        return Objects.requireNonNull(changed.profile());
    }

    @Override
    public User verifyEmail(long id) throws SQLException {
        return change(
                        id,
                        account -> account.with(account.user().activated())
                                .with(verification(account).withEmailVerifiedAt(time.instant())))
                .user();
    }

    @Override
    public Session login(long id, Login login) throws SQLException {
        Account changed = change(id, account -> {
            User user = account.user();
            if (!Passwords.matches(user.passwordHash(), user.username(), login.password())) {
                throw new WrongPassword(id);
            }
            List<Session> sessions = new ArrayList<>(account.sessions());
            sessions.add(login.session().withKind(SessionKind.of(login.userAgent())));
            return account.withSessions(sessions).with(verification(account).withLastLoginAt(time.instant()));
        });
        return changed.sessions().stream()
                .filter(session -> session.id().equals(login.sessionId()))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public boolean logout(long id, String sessionId) throws SQLException {
        return transactions.call(connection -> {
            Optional<Account> account = accounts.lock(connection, id);
            if (account.isEmpty()) {
                return false;
            }
            List<Session> sessions = new ArrayList<>(account.get().sessions());
            boolean had = sessions.removeIf(session -> session.id().equals(sessionId));
            if (had) {
                accounts.save(connection, account.get().withSessions(sessions));
            }
            return had;
        });
    }

    private Optional<Account> find(long id) throws SQLException {
        return transactions.call(connection -> accounts.find(connection, id));
    }

    private Account change(long id, UnaryOperator<Account> change) throws SQLException {
        return transactions.call(connection -> {
            Account account = accounts.lock(connection, id).orElseThrow(() -> new UnknownUser(id));
            return accounts.save(connection, change.apply(account));
        });
    }

    private static Verification verification(Account account) {
        return Objects.requireNonNullElse(account.verification(), Verification.NONE);
    }
}
