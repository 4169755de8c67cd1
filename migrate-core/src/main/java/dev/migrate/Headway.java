package dev.migrate;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/** How far work on rows has come, how fast it goes, and when it will be done at this rate. */
public interface Headway {
    /** How many rows are done. */
    long rows();

    /** How many these will be, about; 0 where that is not known. */
    long expectedRows();

    /** Rows per second over the last minute, or since the beginning where that is less, waiting included; 0 and more. */
    double rowsPerSecond();

    /** Whether all of it is done. */
    boolean isDone();

    /** Which share is done, 0 to 1; empty where it is not known how many rows there will be. */
    default OptionalDouble share() {
        if (isDone()) {
            return OptionalDouble.of(1);
        }
        return expectedRows() <= 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.min(1, (double) rows() / expectedRows()));
    }

    /** How long the rest will take at the present rate, in whole seconds; empty where nothing was done of late, or it is not known how much is left. */
    default Optional<Duration> timeLeft() {
        if (isDone()) {
            return Optional.of(Duration.ZERO);
        }
        if (expectedRows() <= 0 || !(rowsPerSecond() > 0)) {
            return Optional.empty();
        }
        double seconds = Math.max(0, expectedRows() - rows()) / rowsPerSecond();
        return Optional.of(Duration.ofSeconds((long) Math.ceil(seconds)));
    }
}
