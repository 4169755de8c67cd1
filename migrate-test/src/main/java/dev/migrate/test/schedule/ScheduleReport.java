package dev.migrate.test.schedule;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What running schedules has shown.
 *
 * @param firstSeed the first seed
 * @param schedules how many schedules were run, under that seed and those that follow
 * @param steps how many steps they had together
 * @param violations how many of them broke a promise
 * @param failures the first of these, with their traces
 * @param took how long it took
 */
public record ScheduleReport(
        long firstSeed, long schedules, long steps, long violations, List<Failure> failures, Duration took) {
    /**
     * A schedule that broke a promise.
     *
     * @param seed runs it again
     * @param what which promise, and how
     * @param trace what happened, line by line
     */
    public record Failure(long seed, String what, List<String> trace) {
        @Override
        public String toString() {
            return "seed " + seed + ": " + what + "\n" + String.join("\n", trace);
        }
    }

    /** Returns this report, where every schedule kept every promise. */
    public ScheduleReport orElseThrow() {
        if (violations > 0) {
            throw new AssertionError(this + "\n" + (failures.isEmpty() ? "" : failures.get(0)));
        }
        return this;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "seeds %d to %d: %d schedules, %d steps, %d violations in %.1f s (%.2f ms a schedule)",
                firstSeed,
                firstSeed + schedules - 1,
                schedules,
                steps,
                violations,
                took.toMillis() / 1e3,
                schedules == 0 ? 0 : took.toNanos() / 1e6 / schedules);
    }
}
