package dev.migrate.internal.option;

import dev.migrate.MigrationException;
import org.jspecify.annotations.Nullable;

/**
 * What a builder cannot do without.
 *
 * @param of what is built, with its article
 * @param migration the migration that it is built in
 * @param what is to be named: a table, a collection
 */
public record Required(String of, String migration, String what) {
    /**
     * The value of a required option.
     *
     * @throws MigrationException where there is none; the message names the option, what it is an option of, and the remedy
     */
    public <T> T given(String option, @Nullable T value) {
        if (value == null) {
            throw new MigrationException(option + " of " + of + " in migration '" + migration
                    + "' is missing; name the " + what + " with " + option + "(..)");
        }
        return value;
    }
}
