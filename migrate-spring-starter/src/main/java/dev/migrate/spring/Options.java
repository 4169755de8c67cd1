package dev.migrate.spring;

import dev.migrate.MigrationException;
import java.time.Duration;
import java.util.function.Supplier;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** Turns a refused option into an error that names the property it came from. */
final class Options {
    private Options() {}

    static Duration positive(String property, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new InvalidConfigurationPropertyValueException(property, value, "It must be positive, such as 5s.");
        }
        return value;
    }

    static int atLeastOne(String property, int value) {
        if (value < 1) {
            throw new InvalidConfigurationPropertyValueException(property, value, "It must be at least 1.");
        }
        return value;
    }

    /** Makes something of a property's value, and blames the property where that is refused. */
    static <T> T of(String property, Object value, Supplier<T> made) {
        try {
            return made.get();
        } catch (MigrationException refused) {
            InvalidConfigurationPropertyValueException named =
                    new InvalidConfigurationPropertyValueException(property, value, refused.getMessage());
            named.initCause(refused);
            throw named;
        }
    }
}
