package dev.migrate.examples.users;

import org.jspecify.annotations.Nullable;

/** The body of {@code POST /users}. A user begins inactive, until the e-mail address is verified. */
public record NewUser(
        String username,
        String email,
        String password,
        @Nullable String firstName,
        @Nullable String lastName,
        @Nullable String phone) {

    /** The row to store. */
    public User as(long id) {
        return new User(
                id, username, email, Passwords.hash(username, password), firstName, lastName, phone, false, null, null);
    }

    /** The name alone: a password stays out of logs. */
    @Override
    public String toString() {
        return "NewUser[" + username + "]";
    }
}
