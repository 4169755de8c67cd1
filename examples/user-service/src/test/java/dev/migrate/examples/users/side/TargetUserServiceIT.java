package dev.migrate.examples.users.side;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.examples.users.Account;
import dev.migrate.examples.users.SessionKind;
import dev.migrate.examples.users.TestDatabases;
import dev.migrate.examples.users.UserService;
import dev.migrate.examples.users.UserServiceContract;
import dev.migrate.examples.users.Verification;
import dev.migrate.examples.users.jdbc.Transactions;
import dev.migrate.examples.users.run.Schema;
import dev.migrate.examples.users.sample.People;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TargetUserServiceIT extends UserServiceContract {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static DataSource database;

    @BeforeAll
    static void create() {
        database = TestDatabases.with(Schema.TARGET);
    }

    @Override
    protected UserService service() {
        TestDatabases.execute(database, "delete from users");
        return new TargetUserService(Transactions.of(database), InstantSource.fixed(NOW));
    }

    @Test
    void verificationAndLogin_leaveTheirTimes() throws SQLException {
        People people = new People(3);
        UserService service = service();
        service.createUser(1, people.newUser(1, 1));

        service.verifyEmail(1);
        service.login(1, people.login(1, 2));

        Account account;
        try (Connection connection = database.getConnection()) {
            account = new TargetAccounts().find(connection, 1L).orElseThrow();
        }
        assertThat(account.verification()).isEqualTo(new Verification(NOW, null, false, NOW));
        assertThat(account.sessions().get(0).kind())
                .isEqualTo(SessionKind.of(people.login(1, 2).userAgent()));
    }

    @Test
    void joining_leavesCommitAndRollbackToTheCaller() throws SQLException {
        UserService outside = service();
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            UserService inside = new TargetUserService(Transactions.joining(connection), InstantSource.fixed(NOW));

            inside.createUser(5, new People(3).newUser(5, 1));

            assertThat(inside.getUser(5)).isPresent();
            assertThat(outside.getUser(5)).isEmpty();
            connection.rollback();
        }
        assertThat(outside.getUser(5)).isEmpty();
    }
}
