package dev.migrate.side;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How much a side owes to the other.
 *
 * @param keys the number of owed keys, parked ones included and dismissed ones not
 * @param parked the number of parked keys
 * @param dismissed the number of keys that were dismissed and have not arrived
 * @param intents the number of writes that were begun outside of the books' transactions and whose outcome is not known yet
 * @param oldest since when the oldest has been owed; empty where nothing is
 * @param oldestTried since when the oldest has been owed that is not parked; empty where there is none
 */
public record Debt(
        long keys, long parked, long dismissed, long intents, Optional<Instant> oldest, Optional<Instant> oldestTried) {
    /** No debt. */
    public static final Debt NONE = new Debt(0, 0, Optional.empty());

    /** A debt without dismissed keys and writes that are under way, all of it as old as the oldest. */
    public Debt(long keys, long parked, Optional<Instant> oldest) {
        this(keys, parked, 0, 0, oldest, keys > parked ? oldest : Optional.empty());
    }

    /** Writes that are under way, and nothing else. */
    public static Debt ofIntents(long intents, Optional<Instant> oldest) {
        return new Debt(0, 0, 0, intents, oldest, oldest);
    }

    /** Dismissed keys, and nothing else. */
    public static Debt ofDismissed(long dismissed) {
        return new Debt(0, 0, dismissed, 0, Optional.empty(), Optional.empty());
    }

    /** Whether nothing is owed, and no write is under way. */
    public boolean isNone() {
        return keys == 0 && intents == 0;
    }

    /** Whether everything has arrived: nothing is owed or under way, and nothing was dismissed that has not arrived. */
    public boolean isSettled() {
        return isNone() && dismissed == 0;
    }

    /** The age of the oldest debt; zero where nothing is owed. */
    public Duration age(Instant now) {
        return age(oldest, now);
    }

    /** The age of the oldest debt that is still tried, which a parked key is not; zero where there is none. */
    public Duration ageTried(Instant now) {
        return age(oldestTried, now);
    }

    private static Duration age(Optional<Instant> since, Instant now) {
        return since.map(begin -> Duration.between(begin, now)).orElse(Duration.ZERO);
    }

    /** The debt of two sides together. */
    public Debt plus(Debt other) {
        return new Debt(
                keys + other.keys,
                parked + other.parked,
                dismissed + other.dismissed,
                intents + other.intents,
                earlier(oldest, other.oldest),
                earlier(oldestTried, other.oldestTried));
    }

    private static Optional<Instant> earlier(Optional<Instant> one, Optional<Instant> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        return one.get().isBefore(other.get()) ? one : other;
    }
}
