package dev.migrate.examples.users;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code PUT /users/{id}/profile}.
 *
 * @param bio at most 255 characters as long as there is a way back: legacy's column takes no more
 */
public record ProfileContent(
        @Nullable String bio,
        @Nullable String avatarUrl,
        @Nullable LocalDate birthDate,
        @Nullable String location,
        @Nullable String website,
        Privacy privacy) {}
