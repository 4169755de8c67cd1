package dev.migrate.examples.users;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code users}, in the columns that both schemas have.
 *
 * @param createdAt null lets the database that stores the row make the time
 * @param updatedAt null lets the database that stores the row make the time
 */
public record User(
        long id,
        String username,
        String email,
        String passwordHash,
        @Nullable String firstName,
        @Nullable String lastName,
        @Nullable String phone,
        boolean active,
        @Nullable Instant createdAt,
        @Nullable Instant updatedAt) {

    /** This user with what {@code change} says, its time of change left to the database. */
    public User with(UserChange change) {
        return new User(
                id,
                username,
                change.email(),
                passwordHash,
                change.firstName(),
                change.lastName(),
                change.phone(),
                active,
                createdAt,
                null);
    }

    /** This user as an active one, its time of change left to the database. */
    public User activated() {
        return new User(id, username, email, passwordHash, firstName, lastName, phone, true, createdAt, null);
    }

    /** This user as a database holds it. */
    public User storedAt(boolean nowActive, Instant created, Instant updated) {
        return new User(id, username, email, passwordHash, firstName, lastName, phone, nowActive, created, updated);
    }

    /** The id alone: a user's data and password hash stay out of logs. */
    @Override
    public String toString() {
        return "User[" + id + "]";
    }
}
