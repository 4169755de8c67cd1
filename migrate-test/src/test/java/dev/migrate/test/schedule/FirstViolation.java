package dev.migrate.test.schedule;

import java.util.List;
import java.util.function.Supplier;

/** Runs schedules up to the first that breaks a promise; speaks in types of the JDK, since it may be loaded beside itself. */
public final class FirstViolation {
    private FirstViolation() {}

    /**
     * The seed and what was broken; empty where nothing was.
     *
     * @param sides a name of {@link SidesOfTests}
     */
    public static List<String> of(String sides, long schedules) {
        return of(SidesOfTests.valueOf(sides).schedules().seeds(1, schedules));
    }

    static List<String> of(Supplier<Between> between, long firstSeed, long schedules) {
        return of(SidesOfTests.TRANSACTIONAL.schedules().between(between).seeds(firstSeed, schedules));
    }

    private static List<String> of(Schedules schedules) {
        return schedules.runToFirstViolation().failures().stream()
                .map(failure -> "seed " + failure.seed() + ": " + failure.what())
                .toList();
    }
}
