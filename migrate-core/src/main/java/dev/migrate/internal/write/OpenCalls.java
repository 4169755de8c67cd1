package dev.migrate.internal.write;

import dev.migrate.Outcome;
import dev.migrate.internal.call.Outcomes;
import java.time.Duration;

/**
 * What is known of writes that cannot share a transaction with their side's books.
 *
 * @param endWithin after how long such a write has surely taken effect, or never will, whatever became of its caller
 * @param outcomes what its failures say
 */
public record OpenCalls(Duration endWithin, Outcomes outcomes) {
    /** Whether a failed write may yet take effect. */
    boolean isOpenAfter(Throwable failure) {
        return outcomes.of(failure) == Outcome.UNKNOWN;
    }
}
