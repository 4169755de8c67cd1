package dev.migrate.side;

import dev.migrate.MigrationEvent.Pressure;
import dev.migrate.MigrationException;
import dev.migrate.internal.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * From which debt on what gives way to it: a ladder, no rung of which is lower than the one before.
 *
 * <p>A rung is reached by the number of owed keys, parked ones included, or by the age of the oldest that is still tried: a parked key
 * waits for a person, and grows old without any pressure. Each rung is reached by its own limit alone. The authoritative write is never in the way of debt, unless {@link
 * Builder#refuseWrites} or {@link Builder#holdWrites} ask for that.
 *
 * <pre>{@code
 * .debtLimits(DebtLimits.builder().holdRollout(1_000, Duration.ofMinutes(1)).build())
 * }</pre>
 *
 * <p>Immutable.
 */
public final class DebtLimits {
    /** For a rung that no age reaches. */
    public static final Duration ANY_AGE = ChronoUnit.FOREVER.getDuration();

    private static final DebtLimits DEFAULT = builder().build();

    private record Limit(long keys, Duration age) {
        boolean isReachedBy(Debt debt, Instant now) {
            return debt.keys() >= keys || debt.ageTried(now).compareTo(age) >= 0;
        }

        boolean isBelow(Limit before) {
            return keys < before.keys || (!before.age.equals(ANY_AGE) && age.compareTo(before.age) < 0);
        }

        @Override
        public String toString() {
            return keys + " keys or " + (age.equals(ANY_AGE) ? "any age" : age);
        }
    }

    private final Map<Pressure, Limit> rungs;
    private final Duration longestHold;

    private DebtLimits(Map<Pressure, Limit> rungs, Duration longestHold) {
        this.rungs = new EnumMap<>(rungs);
        this.longestHold = longestHold;
    }

    /** The limits that a router has unless it is told otherwise; see {@link Builder}. */
    public static DebtLimits defaults() {
        return DEFAULT;
    }

    /** Begins to describe limits that differ from the default. */
    public static Builder builder() {
        return new Builder();
    }

    /** The rungs that a debt has reached. */
    public Set<Pressure> pressureOf(Debt debt, Instant now) {
        Set<Pressure> reached = EnumSet.noneOf(Pressure.class);
        rungs.forEach((rung, limit) -> {
            if (limit.isReachedBy(debt, now)) {
                reached.add(rung);
            }
        });
        return Collections.unmodifiableSet(reached);
    }

    /** The limit of a rung, for people; {@code none} where nothing reaches it. */
    public String describe(Pressure rung) {
        Limit limit = rungs.get(rung);
        return limit == null ? "none" : limit.toString();
    }

    /** For how long a write is held before it is refused; zero where it is refused at once. */
    public Duration longestHold() {
        return longestHold;
    }

    @Override
    public String toString() {
        return "DebtLimits" + rungs;
    }

    /** Describes limits; not thread-safe. Each method takes a number of keys, at least 1, and a positive age or {@link #ANY_AGE}. */
    public static final class Builder {
        private final Map<Pressure, Limit> rungs = new EnumMap<>(Pressure.class);
        private Duration longestHold = Duration.ZERO;

        private Builder() {
            slowBackfill(10_000, ANY_AGE);
            leaveToWorker(20_000, ANY_AGE);
            holdRollout(50_000, Duration.ofMinutes(5));
            tripGuard(200_000, Duration.ofMinutes(30));
        }

        /** From here on a backfill waits before each chunk. Default: 10,000 keys of any age. */
        public Builder slowBackfill(long keys, Duration age) {
            return rung(Pressure.SLOWS_BACKFILL, "slowBackfill", keys, age);
        }

        /**
         * From here on no attempt is made right after a commit; the worker copies, the oldest first. Default: 20,000 keys of any age: one
         * key that fails again and again is old, and no reason to do so.
         */
        public Builder leaveToWorker(long keys, Duration age) {
            return rung(Pressure.LEAVES_TO_WORKER, "leaveToWorker", keys, age);
        }

        /** From here on the router's debt guard holds a rollout. Default: 50,000 keys or five minutes. */
        public Builder holdRollout(long keys, Duration age) {
            return rung(Pressure.HOLDS_ROLLOUT, "holdRollout", keys, age);
        }

        /** From here on the router's debt guard turns a rollout back. Default: 200,000 keys or half an hour. */
        public Builder tripGuard(long keys, Duration age) {
            return rung(Pressure.TRIPS_GUARD, "tripGuard", keys, age);
        }

        /** From here on writes are refused, before anything was written. Default: none is. */
        public Builder refuseWrites(long keys, Duration age) {
            this.longestHold = Duration.ZERO;
            return rung(Pressure.STOPS_WRITES, "refuseWrites", keys, age);
        }

        /**
         * From here on a write waits until the debt is below, and is refused after a while; one that is part of the caller's own transaction
         * or scope is refused at once, because it would hold what others wait for. Default: none does.
         *
         * @param longest for how long a write waits; positive
         */
        public Builder holdWrites(long keys, Duration age, Duration longest) {
            String refusal =
                    Refusal.notPositive("longest of holdWrites", longest, "use refuseWrites(..) to refuse at once");
            if (refusal != null) {
                throw new MigrationException(refusal);
            }
            this.longestHold = longest;
            return rung(Pressure.STOPS_WRITES, "holdWrites", keys, age);
        }

        private Builder rung(Pressure pressure, String option, long keys, Duration age) {
            if (keys < 1 || age.isNegative() || age.isZero()) {
                throw new MigrationException(option + " must have at least 1 key and a positive age, but had " + keys
                        + " keys and " + age + "; use Long.MAX_VALUE or ANY_AGE for the one that is not to count");
            }
            rungs.put(pressure, new Limit(keys, age));
            return this;
        }

        /**
         * Makes the limits.
         *
         * @throws MigrationException where a rung is lower than the one before
         */
        public DebtLimits build() {
            Pressure before = Pressure.SLOWS_BACKFILL;
            for (Map.Entry<Pressure, Limit> rung : rungs.entrySet()) {
                Limit lower = rungs.getOrDefault(before, rung.getValue());
                if (rung.getValue().isBelow(lower)) {
                    throw new MigrationException("the debt that " + rung.getKey() + " (" + rung.getValue()
                            + ") must not be below the one that " + before + " (" + lower
                            + "), in keys or in age; raise the former or lower the latter");
                }
                before = rung.getKey();
            }
            return new DebtLimits(rungs, longestHold);
        }
    }
}
