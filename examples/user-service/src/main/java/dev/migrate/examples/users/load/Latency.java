package dev.migrate.examples.users.load;

import java.time.Duration;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts durations in fixed buckets, 16 to each power of two of microseconds, so that a quantile is at most 6.25 %
 * too high. Safe for use by several threads; adding is lock-free.
 */
public final class Latency {

    private static final int SUB_BITS = 4;
    private static final int SUB_BUCKETS = 1 << SUB_BITS;

    /** Up to 2^36 microseconds, which is 19 hours. */
    private static final int BUCKETS = (36 - SUB_BITS + 1) * SUB_BUCKETS;

    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);

    public void add(Duration duration) {
        counts.incrementAndGet(bucket(Math.max(0, duration.toNanos() / 1_000)));
    }

    public void add(Latency other) {
        for (int i = 0; i < BUCKETS; i++) {
            counts.addAndGet(i, other.counts.get(i));
        }
    }

    public long count() {
        long count = 0;
        for (int i = 0; i < BUCKETS; i++) {
            count += counts.get(i);
        }
        return count;
    }

    /**
     * The duration that the given share of all durations does not exceed.
     *
     * @param share above 0, up to 1
     * @return zero if there are none
     */
    public Duration quantile(double share) {
        long rank = (long) Math.ceil(share * count());
        long seen = 0;
        for (int i = 0; i < BUCKETS; i++) {
            seen += counts.get(i);
            if (seen >= rank && seen > 0) {
                return Duration.ofNanos(upperBound(i) * 1_000);
            }
        }
        return Duration.ZERO;
    }

    /** The buckets that are not empty, as {@code bucket:count} with commas. */
    public String encode() {
        StringJoiner text = new StringJoiner(",");
        for (int i = 0; i < BUCKETS; i++) {
            if (counts.get(i) > 0) {
                text.add(i + ":" + counts.get(i));
            }
        }
        return text.toString();
    }

    public static Latency decode(String text) {
        Latency latency = new Latency();
        for (String entry : text.split(",", -1)) {
            if (!entry.isEmpty()) {
                int colon = entry.indexOf(':');
                latency.counts.set(
                        Integer.parseInt(entry.substring(0, colon)), Long.parseLong(entry.substring(colon + 1)));
            }
        }
        return latency;
    }

    /** Below 16 each microsecond has a bucket; above, the leading bit and the four after it choose one. */
    static int bucket(long micros) {
        if (micros < SUB_BUCKETS) {
            return (int) micros;
        }
        int magnitude = 63 - Long.numberOfLeadingZeros(micros) - SUB_BITS;
        int sub = (int) (micros >>> magnitude) - SUB_BUCKETS;
        return Math.min(BUCKETS - 1, (magnitude + 1) * SUB_BUCKETS + sub);
    }

    static long upperBound(int bucket) {
        if (bucket < SUB_BUCKETS) {
            return bucket;
        }
        int magnitude = bucket / SUB_BUCKETS - 1;
        return ((long) (bucket % SUB_BUCKETS + SUB_BUCKETS + 1) << magnitude) - 1;
    }
}
