package dev.migrate.examples.users.side;

import static dev.migrate.examples.users.jdbc.Sql.column;
import static dev.migrate.examples.users.jdbc.Sql.instant;

import dev.migrate.examples.users.Account;
import dev.migrate.examples.users.Profile;
import dev.migrate.examples.users.ProfileSettings;
import dev.migrate.examples.users.Session;
import dev.migrate.examples.users.SessionKind;
import dev.migrate.examples.users.Verification;
import dev.migrate.examples.users.jdbc.JdbcAccounts;
import dev.migrate.examples.users.jdbc.Row;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Accounts in the target schema: verification, settings, kinds of session and preferences are added. */
public final class TargetAccounts extends JdbcAccounts {

    @Override
    protected Account account(ResultSet row) throws SQLException {
        return super.account(row)
                .with(new Verification(
                        instant(row, "email_verified_at"),
                        instant(row, "phone_verified_at"),
                        row.getBoolean("two_factor_enabled"),
                        instant(row, "last_login_at")));
    }

    @Override
    protected Row userRow(Account account) {
        Row row = super.userRow(account);
        Verification verification = account.verification();
        return verification == null
                ? row
                : row.set("email_verified_at", column(verification.emailVerifiedAt()))
                        .set("phone_verified_at", column(verification.phoneVerifiedAt()))
                        .set("two_factor_enabled", verification.twoFactorEnabled())
                        .set("last_login_at", column(verification.lastLoginAt()));
    }

    @Override
    protected Profile profile(ResultSet row) throws SQLException {
        return super.profile(row)
                .withSettings(new ProfileSettings(row.getString("timezone"), row.getString("language")));
    }

    @Override
    protected Row profileRow(long userId, Profile profile) {
        Row row = super.profileRow(userId, profile);
        ProfileSettings settings = profile.settings();
        return settings == null ? row : row.set("timezone", settings.timezone()).set("language", settings.language());
    }

    @Override
    protected Session session(ResultSet row) throws SQLException {
        return super.session(row).withKind(new SessionKind(row.getString("session_type"), row.getBoolean("is_mobile")));
    }

    @Override
    protected Row sessionRow(long userId, Session session) {
        Row row = super.sessionRow(userId, session);
        SessionKind kind = session.kind();
        return kind == null ? row : row.set("session_type", kind.type()).set("is_mobile", kind.mobile());
    }

    @Override
    protected Account withParts(Connection connection, Account user) throws SQLException {
        return super.withParts(connection, user).withPreferences(Preferences.of(connection, user.id()));
    }

    @Override
    protected void saveParts(Connection connection, Account account) throws SQLException {
        super.saveParts(connection, account);
        if (account.preferences() != null) {
            Preferences.replace(connection, account.id(), account.preferences());
        }
    }
}
