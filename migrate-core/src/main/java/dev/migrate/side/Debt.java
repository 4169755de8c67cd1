package dev.migrate.side;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How much a side owes to the other.
 *
 * @param keys the number of owed keys, parked ones included
 * @param parked the number of parked keys
 * @param intents the number of writes that were begun outside of the books' transactions and whose outcome is not known yet
 * @param oldest since when the oldest has been owed; empty where nothing is
 */
public record Debt(long keys, long parked, long intents, Optional<Instant> oldest) {
    /** No debt. */
    public static final Debt NONE = new Debt(0, 0, Optional.empty());

    /** A debt without writes that are under way. */
    public Debt(long keys, long parked, Optional<Instant> oldest) {
        this(keys, parked, 0, oldest);
    }

    /** Whether nothing is owed, and no write is under way. */
    public boolean isNone() {
        return keys == 0 && intents == 0;
    }

    /** The age of the oldest debt; zero where nothing is owed. */
    public Duration age(Instant now) {
        return oldest.map(since -> Duration.between(since, now)).orElse(Duration.ZERO);
    }

    /** The debt of two sides together. */
    public Debt plus(Debt other) {
        Optional<Instant> earlier = oldest.isEmpty()
                ? other.oldest
                : other.oldest.isEmpty() || oldest.get().isBefore(other.oldest.get()) ? oldest : other.oldest;
        return new Debt(keys + other.keys, parked + other.parked, intents + other.intents, earlier);
    }
}
