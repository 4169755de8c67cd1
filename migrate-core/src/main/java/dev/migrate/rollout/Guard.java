package dev.migrate.rollout;

/**
 * What is watched after a step, and may stop a rollout or turn it back.
 *
 * <p>{@link #errorRate} and {@link #latency} compare the target with legacy on the same traffic; {@link #of} makes one of any
 * function, such as one that looks at an error budget. Thread-safe; what {@link #begin} returns is used by one thread at a time.
 */
public interface Guard {
    /** Its name, for people: it begins every reason that the guard gives. */
    String name();

    /** Begins to watch a step. */
    Judge begin();

    /** Whether it judges calls, and is left alone where there need not be any: while no answer of the target is used. Default: yes. */
    default boolean judgesCalls() {
        return true;
    }

    /** Judges one step, look after look. */
    @FunctionalInterface
    interface Judge {
        /** Judges what was measured so far; what it throws counts as hold. */
        Judgement judge(Look look) throws Exception;
    }

    /** A guard on the share of calls that fail; by itself without a margin. */
    static ErrorRateGuard errorRate() {
        return new ErrorRateGuard();
    }

    /**
     * A guard on a quantile of the durations of calls; by itself without a margin.
     *
     * @param quantile above 0 and below 1: 0.99 for the duration that one call in a hundred exceeds
     */
    static LatencyGuard latency(double quantile) {
        return new LatencyGuard(quantile);
    }

    /**
     * A guard of one's own that remembers nothing from look to look.
     *
     * <p>A function that tests the same hypothesis at each look needs a correction for looking repeatedly, which this does not add.
     */
    static Guard of(String name, Judge judge) {
        return new Guard() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Judge begin() {
                return judge;
            }
        };
    }
}
