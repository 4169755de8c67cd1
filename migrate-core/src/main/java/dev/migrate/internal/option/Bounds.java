package dev.migrate.internal.option;

import dev.migrate.MigrationException;

/** What whole numbers may be given to options. */
public final class Bounds {
    private Bounds() {}

    /**
     * A number from 1 on.
     *
     * @throws MigrationException where it is not between 1 and {@code most}; the message names the option, the rule and the number
     */
    public static int between(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw new MigrationException(option + " must be between 1 and " + most + ", but was " + value);
        }
        return value;
    }
}
