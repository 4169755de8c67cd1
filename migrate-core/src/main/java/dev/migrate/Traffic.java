package dev.migrate;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What is measured of the calls that a dial divides between the two sides: how many, how many failed, how long they took.
 *
 * <p>Nothing is measured until somebody watches, so that an unwatched router pays one volatile read. Thread-safe.
 */
public final class Traffic {
    private final AtomicInteger watchers = new AtomicInteger();
    private final Counts legacy = new Counts();
    private final Counts target = new Counts();

    /** Creates traffic that nobody watches. */
    public Traffic() {}

    /** Whether somebody watches; callers that would have to read a clock ask first. */
    public boolean isWatched() {
        return watchers.get() > 0;
    }

    /**
     * Records a call.
     *
     * @param nanos how long it took, 0 or more
     * @param isFailure whether the side failed; an answer of the domain, such as a declined card, is not a failure
     */
    public void record(Side side, long nanos, boolean isFailure) {
        if (isWatched()) {
            counts(side).add(nanos, isFailure);
        }
    }

    /** Begins to watch; what is measured from now on is given by {@link Watch#sample}. */
    public Watch watch() {
        watchers.incrementAndGet();
        return new Watch();
    }

    private Counts counts(Side side) {
        return side == Side.LEGACY ? legacy : target;
    }

    /** What one watcher has seen since it began. Not thread-safe; to be closed by whoever watches. */
    public final class Watch implements AutoCloseable {
        private long[] legacyBase = legacy.snapshot();
        private long[] targetBase = target.snapshot();
        private boolean isClosed;

        private Watch() {}

        /** What a side did since the watch began, or since {@link #restart}. */
        public Sample sample(Side side) {
            long[] now = counts(side).snapshot();
            long[] base = side == Side.LEGACY ? legacyBase : targetBase;
            for (int i = 0; i < now.length; i++) {
                now[i] -= base[i];
            }
            return new Sample(now);
        }

        /** Begins anew. */
        public void restart() {
            legacyBase = legacy.snapshot();
            targetBase = target.snapshot();
        }

        @Override
        public void close() {
            if (!isClosed) {
                isClosed = true;
                watchers.decrementAndGet();
            }
        }
    }

    /** Calls of one side over a time. */
    public static final class Sample {
        private final long[] counts;

        private Sample(long[] counts) {
            this.counts = counts;
        }

        /** How many calls. */
        public long calls() {
            long sum = 0;
            for (int i = 1; i < counts.length; i++) {
                sum += counts[i];
            }
            return sum;
        }

        /** How many of them failed. */
        public long failures() {
            return counts[0];
        }

        /** The share that failed, 0 to 1; 0 where there was no call. */
        public double errorRate() {
            long calls = calls();
            return calls == 0 ? 0 : (double) failures() / calls;
        }

        /**
         * How many calls surely took longer than a limit; those within 1/16 above it may be left out, and none is where the limit is
         * a {@link #quantile} of a sample of the same traffic.
         */
        public long slowerThan(Duration limit) {
            long sum = 0;
            for (int i = 2 + Counts.index(Math.max(0, limit.toNanos())); i < counts.length; i++) {
                sum += counts[i];
            }
            return sum;
        }

        /** What came to this sample since an earlier one of the same watch and side. */
        public Sample since(Sample earlier) {
            long[] later = counts.clone();
            for (int i = 0; i < later.length; i++) {
                later[i] -= earlier.counts[i];
            }
            return new Sample(later);
        }

        /**
         * A quantile of the durations, to within 1/16 above the true one; zero where there was no call.
         *
         * @param q above 0, at most 1
         */
        public Duration quantile(double q) {
            if (!(q > 0 && q <= 1)) {
                throw new MigrationException("a quantile must be above 0 and at most 1, but was " + q);
            }
            long rank = (long) Math.ceil(q * calls());
            long seen = 0;
            for (int i = 1; i < counts.length && rank > 0; i++) {
                seen += counts[i];
                if (seen >= rank) {
                    return Duration.ofNanos(Counts.upperBound(i - 1));
                }
            }
            return Duration.ZERO;
        }
    }

    /** Failures at index 0, then a histogram with 16 linear steps to each power of two of nanoseconds. */
    private static final class Counts {
        private static final int STEPS = 16;
        private static final int STEP_BITS = 4;
        private final AtomicLongArray counts = new AtomicLongArray(1 + STEPS * (64 - STEP_BITS));

        void add(long nanos, boolean isFailure) {
            counts.incrementAndGet(1 + index(Math.max(0, nanos)));
            if (isFailure) {
                counts.incrementAndGet(0);
            }
        }

        private static int index(long nanos) {
            int magnitude = Math.max(0, 63 - STEP_BITS - Long.numberOfLeadingZeros(nanos | 1));
            return magnitude * STEPS + (int) (nanos >>> magnitude);
        }

        static long upperBound(int index) {
            if (index < 2 * STEPS) {
                return index;
            }
            int magnitude = index / STEPS - 1;
            long step = index - (long) magnitude * STEPS;
            return ((step + 1) << magnitude) - 1;
        }

        /** Reads the failures first, which are counted last, so that no sample has more failures than calls. */
        long[] snapshot() {
            long[] copy = new long[counts.length()];
            for (int i = 0; i < copy.length; i++) {
                copy[i] = counts.get(i);
            }
            return copy;
        }
    }
}
