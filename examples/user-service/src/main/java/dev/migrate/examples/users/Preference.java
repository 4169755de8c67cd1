package dev.migrate.examples.users;

import org.jspecify.annotations.Nullable;

/**
 * A row of the target's {@code user_preferences}.
 *
 * @param value a JSON text
 */
public record Preference(String key, @Nullable String value) {}
