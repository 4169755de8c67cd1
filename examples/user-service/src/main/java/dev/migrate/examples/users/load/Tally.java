package dev.migrate.examples.users.load;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** What the clients have seen so far. Safe for use by several threads. */
public final class Tally {

    private final LongAdder reads = new LongAdder();
    private final LongAdder failedReads = new LongAdder();
    private final LongAdder staleReads = new LongAdder();
    private final LongAdder rejectedWrites = new LongAdder();
    private final AtomicLong acknowledgedWrites = new AtomicLong();
    private final LongAdder unknownWrites = new LongAdder();
    private final Latency readLatency = new Latency();
    private final Latency writeLatency = new Latency();
    private final LongAccumulator longestWriteNanos = new LongAccumulator(Long::max, 0);

    void read(Duration took, boolean stale) {
        reads.increment();
        readLatency.add(took);
        if (stale) {
            staleReads.increment();
        }
    }

    void failedRead() {
        failedReads.increment();
    }

    void acknowledged(Duration took) {
        acknowledgedWrites.incrementAndGet();
        wrote(took);
    }

    void rejected(Duration took) {
        rejectedWrites.increment();
        wrote(took);
    }

    void unknown(Duration took) {
        unknownWrites.increment();
        longestWriteNanos.accumulate(took.toNanos());
    }

    private void wrote(Duration took) {
        writeLatency.add(took);
        longestWriteNanos.accumulate(took.toNanos());
    }

    public long reads() {
        return reads.sum();
    }

    public long failedReads() {
        return failedReads.sum();
    }

    public long staleReads() {
        return staleReads.sum();
    }

    public long acknowledgedWrites() {
        return acknowledgedWrites.get();
    }

    public long rejectedWrites() {
        return rejectedWrites.sum();
    }

    public long unknownWrites() {
        return unknownWrites.sum();
    }

    public Latency readLatency() {
        return readLatency;
    }

    public Latency writeLatency() {
        return writeLatency;
    }

    /** The longest that a caller waited for a write, whatever came of it. */
    public Duration longestWrite() {
        return Duration.ofNanos(longestWriteNanos.get());
    }
}
