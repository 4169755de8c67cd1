package dev.migrate.examples.users;

import org.jspecify.annotations.Nullable;

/** What the target's {@code user_profiles} knows beyond legacy's. */
public record ProfileSettings(@Nullable String timezone, String language) {}
