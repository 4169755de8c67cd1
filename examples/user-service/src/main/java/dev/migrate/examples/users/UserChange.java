package dev.migrate.examples.users;

import org.jspecify.annotations.Nullable;

/**
 * The body of {@code PUT /users/{id}}.
 *
 * @param email at most 255 characters as long as there is a way back: legacy's column takes no more
 * @param phone at least 10 characters: the target's check wants them
 */
public record UserChange(
        String email,
        @Nullable String firstName,
        @Nullable String lastName,
        @Nullable String phone) {}
