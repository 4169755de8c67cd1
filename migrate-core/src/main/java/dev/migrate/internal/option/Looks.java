package dev.migrate.internal.option;

import java.time.Duration;

/**
 * How often what differs is looked at again before it is left open.
 *
 * @param most 1 to 1,000
 * @param pause between two looks, not negative
 */
public record Looks(int most, Duration pause) {
    private static final int MOST = 1_000;

    /** Five looks, half a second apart. */
    public static final Looks DEFAULT = new Looks(5, Duration.ofMillis(500));

    /** Checks both, by the names that they have as options. */
    public Looks {
        Bounds.between("looks", most, MOST);
        Bounds.notNegative("pause", pause);
    }
}
