package dev.migrate.internal.option;

import dev.migrate.MigrationException;
import java.time.Duration;

/** What numbers and lengths of time may be given to options. */
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

    /**
     * A length of time of more than nothing.
     *
     * @throws MigrationException where it is none; the message names the option, the rule and the length
     */
    public static Duration positive(String option, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new MigrationException(option + " must be positive, but was " + value);
        }
        return value;
    }

    /**
     * A length of time, or none.
     *
     * @throws MigrationException where it is below zero; the message names the option, the rule and the length
     */
    public static Duration notNegative(String option, Duration value) {
        if (value.isNegative()) {
            throw new MigrationException(option + " must not be negative, but was " + value);
        }
        return value;
    }
}
