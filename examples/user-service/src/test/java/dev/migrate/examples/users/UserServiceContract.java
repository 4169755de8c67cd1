package dev.migrate.examples.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.examples.users.UserServiceException.UnknownUser;
import dev.migrate.examples.users.UserServiceException.UserExists;
import dev.migrate.examples.users.UserServiceException.WrongPassword;
import dev.migrate.examples.users.sample.People;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the nine endpoints do, whichever side they run on. */
public abstract class UserServiceContract {

    private static final People PEOPLE = new People(3);
    private static final long ID = 42;

    private UserService service;

    /** A service on an empty database. */
    protected abstract UserService service();

    @BeforeEach
    void start() {
        service = service();
    }

    private User create() throws SQLException {
        return service.createUser(ID, PEOPLE.newUser(ID, 1));
    }

    @Test
    void createUser_storesAnInactiveUser() throws SQLException {
        User created = create();

        assertThat(created.active()).isFalse();
        assertThat(created.createdAt()).isNotNull();
        assertThat(service.getUser(ID)).hasValue(created);
    }

    @Test
    void createUser_ofATakenId_isRefused() throws SQLException {
        create();

        assertThatThrownBy(() -> service.createUser(ID, PEOPLE.newUser(ID + 1, 1)))
                .isInstanceOf(UserExists.class);
        assertThatThrownBy(() -> service.createUser(ID + 1, PEOPLE.newUser(ID, 1)))
                .isInstanceOf(UserExists.class);
        assertThat(service.getUser(ID + 1)).isEmpty();
    }

    @Test
    void updateUser_replacesWhatTheUserMayChange() throws SQLException {
        User created = create();
        UserChange change = PEOPLE.change(ID, 2);

        User updated = service.updateUser(ID, change);

        assertThat(updated.email()).isEqualTo(change.email());
        assertThat(updated.firstName()).isEqualTo(change.firstName());
        assertThat(updated.lastName()).isEqualTo(change.lastName());
        assertThat(updated.phone()).isEqualTo(change.phone());
        assertThat(updated.username()).isEqualTo(created.username());
        assertThat(updated.updatedAt()).isAfter(created.updatedAt());
        assertThat(service.getUser(ID)).hasValue(updated);
    }

    @Test
    void updateUser_toATakenAddress_isRefused() throws SQLException {
        create();
        service.createUser(ID + 1, PEOPLE.newUser(ID + 1, 1));

        assertThatThrownBy(() -> service.updateUser(ID + 1, PEOPLE.change(ID, 1)))
                .isInstanceOf(UserExists.class);
    }

    @Test
    void deleteUser_saysWhetherThereWasOne() throws SQLException {
        create();
        service.putProfile(ID, PEOPLE.profile(ID, 2));

        assertThat(service.deleteUser(ID)).isTrue();
        assertThat(service.deleteUser(ID)).isFalse();
        assertThat(service.getUser(ID)).isEmpty();
        assertThat(service.getProfile(ID)).isEmpty();
    }

    @Test
    void putProfile_storesAndReplaces() throws SQLException {
        create();
        assertThat(service.getProfile(ID)).isEmpty();

        Profile first = service.putProfile(ID, PEOPLE.profile(ID, 2));
        Profile second = service.putProfile(ID, PEOPLE.profile(ID, 3));

        assertThat(first.content()).isEqualTo(PEOPLE.profile(ID, 2));
        assertThat(second.content()).isEqualTo(PEOPLE.profile(ID, 3));
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.createdAt()).isEqualTo(first.createdAt());
        assertThat(service.getProfile(ID)).hasValue(second);
    }

    @Test
    void verifyEmail_makesTheUserActive() throws SQLException {
        create();

        assertThat(service.verifyEmail(ID).active()).isTrue();
        assertThat(service.getUser(ID).map(User::active)).hasValue(true);
    }

    @Test
    void login_opensASession_thatLogoutEnds() throws SQLException {
        create();
        Login login = PEOPLE.login(ID, 2);

        Session session = service.login(ID, login);

        assertThat(session.id()).isEqualTo(login.sessionId());
        assertThat(session.expiresAt()).isEqualTo(login.expiresAt());
        assertThat(session.createdAt()).isNotNull();
        assertThat(service.logout(ID, login.sessionId())).isTrue();
        assertThat(service.logout(ID, login.sessionId())).isFalse();
    }

    @Test
    void login_withAnotherPassword_isRefused() throws SQLException {
        create();

        assertThatThrownBy(() -> service.login(ID, PEOPLE.login(ID + 1, 2))).isInstanceOf(WrongPassword.class);
    }

    @Test
    void anUnknownUser_isRefused() throws SQLException {
        assertThat(service.getUser(ID)).isEmpty();
        assertThat(service.getProfile(ID)).isEmpty();
        assertThat(service.logout(ID, "none")).isFalse();
        assertThatThrownBy(() -> service.updateUser(ID, PEOPLE.change(ID, 1))).isInstanceOf(UnknownUser.class);
        assertThatThrownBy(() -> service.putProfile(ID, PEOPLE.profile(ID, 1))).isInstanceOf(UnknownUser.class);
        assertThatThrownBy(() -> service.verifyEmail(ID)).isInstanceOf(UnknownUser.class);
        assertThatThrownBy(() -> service.login(ID, PEOPLE.login(ID, 1))).isInstanceOf(UnknownUser.class);
    }

    @Test
    void writesOfDifferentEndpoints_atTheSameTime_doNotOverwriteEachOther() throws Exception {
        create();
        CountDownLatch together = new CountDownLatch(3);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            Future<?> updates = threads.submit(() -> {
                await(together);
                for (int version = 2; version <= 40; version++) {
                    service.updateUser(ID, PEOPLE.change(ID, version));
                }
                return null;
            });
            Future<?> profiles = threads.submit(() -> {
                await(together);
                for (int version = 2; version <= 40; version++) {
                    service.putProfile(ID, PEOPLE.profile(ID, version));
                }
                return null;
            });
            Future<?> sessions = threads.submit(() -> {
                await(together);
                for (int version = 2; version <= 40; version++) {
                    service.login(ID, PEOPLE.login(ID, version));
                }
                return null;
            });
            updates.get();
            profiles.get();
            sessions.get();
        } finally {
            threads.shutdownNow();
        }

        assertThat(service.getUser(ID).map(User::email))
                .hasValue(PEOPLE.change(ID, 40).email());
        assertThat(service.getProfile(ID).map(Profile::content)).hasValue(PEOPLE.profile(ID, 40));
        for (int version = 2; version <= 40; version++) {
            assertThat(service.logout(ID, PEOPLE.login(ID, version).sessionId()))
                    .isTrue();
        }
    }

    private static void await(CountDownLatch together) throws InterruptedException {
        together.countDown();
        together.await();
    }
}
