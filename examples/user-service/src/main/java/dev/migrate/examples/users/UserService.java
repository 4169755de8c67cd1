package dev.migrate.examples.users;

import java.sql.SQLException;
import java.util.Optional;

/**
 * The nine endpoints of the legacy user service.
 *
 * <p>Each begins with the user's id, because that is what decides the side. The gateway finds it where the request
 * has something else ({@code login} a name, {@code logout} a session id), and draws the id of a user who is created.
 *
 * <p>Implementations are safe for use by several threads. A {@link UserServiceException} is an answer: nothing was
 * changed. After an {@link SQLException} it is not known whether a change was made.
 */
public interface UserService {

    /** {@code GET /users/{id}}. */
    Optional<User> getUser(long id) throws SQLException;

    /**
     * {@code POST /users}.
     *
     * @throws UserServiceException.UserExists if the id, the name or the e-mail address is taken
     */
    User createUser(long id, NewUser user) throws SQLException;

    /**
     * {@code PUT /users/{id}}.
     *
     * @throws UserServiceException.UnknownUser if there is none
     * @throws UserServiceException.UserExists if the e-mail address is taken
     */
    User updateUser(long id, UserChange change) throws SQLException;

    /**
     * {@code DELETE /users/{id}}, with profile, sessions and preferences.
     *
     * @return whether there was one
     */
    boolean deleteUser(long id) throws SQLException;

    /** {@code GET /users/{id}/profile}. */
    Optional<Profile> getProfile(long id) throws SQLException;

    /**
     * {@code PUT /users/{id}/profile}.
     *
     * @throws UserServiceException.UnknownUser if there is none
     */
    Profile putProfile(long id, ProfileContent content) throws SQLException;

    /**
     * {@code POST /users/{id}/verify-email}: the user is active from now on.
     *
     * @throws UserServiceException.UnknownUser if there is none
     */
    User verifyEmail(long id) throws SQLException;

    /**
     * {@code POST /users/login}.
     *
     * @throws UserServiceException.UnknownUser if there is none
     * @throws UserServiceException.WrongPassword if the password is another
     */
    Session login(long id, Login login) throws SQLException;

    /**
     * {@code POST /users/logout}.
     *
     * @return whether the user had that session
     */
    boolean logout(long id, String sessionId) throws SQLException;
}
