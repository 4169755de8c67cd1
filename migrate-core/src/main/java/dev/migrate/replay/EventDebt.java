package dev.migrate.replay;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How many events a side has logged that have not arrived.
 *
 * @param events how many are yet to be delivered, those of parked aggregates included and dismissed ones not
 * @param dismissed how many were dismissed and have not been dealt with
 * @param oldest when the oldest that is yet to be delivered occurred; empty where there is none
 */
public record EventDebt(long events, long dismissed, Optional<Instant> oldest) {
    /** The age of the oldest event that is yet to be delivered; zero where there is none. */
    public Duration age(Instant now) {
        return oldest.map(begin -> Duration.between(begin, now)).orElse(Duration.ZERO);
    }

    /** What two sides have together. */
    public EventDebt plus(EventDebt other) {
        Optional<Instant> earlier = oldest.isEmpty()
                        || (other.oldest.isPresent() && other.oldest.get().isBefore(oldest.get()))
                ? other.oldest
                : oldest;
        return new EventDebt(events + other.events, dismissed + other.dismissed, earlier);
    }
}
