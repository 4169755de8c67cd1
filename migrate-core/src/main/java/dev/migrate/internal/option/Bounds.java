package dev.migrate.internal.option;

import dev.migrate.MigrationException;
import dev.migrate.internal.Refusal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What numbers and lengths of time may be given to options. Each method gives the value back, or throws a {@link MigrationException} that
 * names the option, the rule, the value and what to do.
 */
public final class Bounds {
    private Bounds() {}

    /** A number from 1 on. */
    public static int between(String option, int value, int most) {
        return between(option, value, 1, most);
    }

    /** A number in a range, both ends of which are in it. */
    public static int between(String option, int value, int least, int most) {
        check(Refusal.outside(option, value, least, most));
        return value;
    }

    /** A number from 1 on, without an upper end. */
    public static int positive(String option, int value) {
        positive(option, (long) value);
        return value;
    }

    /** A number from 1 on, without an upper end. */
    public static long positive(String option, long value) {
        check(Refusal.below(option, value, 1));
        return value;
    }

    /** A length of time of more than nothing. */
    public static Duration positive(String option, Duration value) {
        check(Refusal.notPositive(option, value));
        return value;
    }

    /**
     * A length of time of more than nothing.
     *
     * @param remedy what to do instead of giving none
     */
    public static Duration positive(String option, Duration value, String remedy) {
        check(Refusal.notPositive(option, value, remedy));
        return value;
    }

    /** A length of time, or none. */
    public static Duration notNegative(String option, Duration value) {
        return notNegative(option, value, "give Duration.ZERO for none");
    }

    /**
     * A length of time, or none.
     *
     * @param remedy what to do instead of giving less than none
     */
    public static Duration notNegative(String option, Duration value, String remedy) {
        check(Refusal.negative(option, value, remedy));
        return value;
    }

    /** A length of time of at least so much. */
    public static Duration atLeast(String option, Duration value, Duration least) {
        check(Refusal.below(option, value, least));
        return value;
    }

    /** A length of time in a range, both ends of which are in it. */
    public static Duration between(String option, Duration value, Duration least, Duration most) {
        check(Refusal.outside(option, value, least, most));
        return value;
    }

    private static void check(@Nullable String refusal) {
        if (refusal != null) {
            throw new MigrationException(refusal);
        }
    }
}
