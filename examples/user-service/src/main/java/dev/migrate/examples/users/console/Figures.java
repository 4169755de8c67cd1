package dev.migrate.examples.users.console;

import dev.migrate.examples.users.load.Latency;
import dev.migrate.examples.users.load.Tally;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;

/** What one application process has counted and measured so far. Not thread-safe. */
public final class Figures {

    /** Something that is counted. */
    public enum Count {
        WRITES,
        REJECTED_WRITES,
        UNKNOWN_WRITES,
        READS,
        STALE_READS,
        FAILED_READS,
        REPAIRED,
        MISMATCHES,
        FALLBACKS,
        ROLLBACKS,
        INJECTED_FAILURES
    }

    /** Something that takes time. */
    public enum Timing {
        LEGACY,
        TARGET,
        READS,
        WRITES
    }

    private final Map<Count, Long> counts = new EnumMap<>(Count.class);
    private final Map<Timing, Latency> timings = new EnumMap<>(Timing.class);
    private Duration longestWrite = Duration.ZERO;

    /** No figures yet. */
    public Figures() {
        for (Count count : Count.values()) {
            counts.put(count, 0L);
        }
        for (Timing timing : Timing.values()) {
            timings.put(timing, new Latency());
        }
    }

    /** What the clients have seen. */
    public static Figures of(Tally tally) {
        Figures figures = new Figures();
        figures.counts.put(Count.WRITES, tally.acknowledgedWrites());
        figures.counts.put(Count.REJECTED_WRITES, tally.rejectedWrites());
        figures.counts.put(Count.UNKNOWN_WRITES, tally.unknownWrites());
        figures.counts.put(Count.READS, tally.reads());
        figures.counts.put(Count.STALE_READS, tally.staleReads());
        figures.counts.put(Count.FAILED_READS, tally.failedReads());
        figures.add(Timing.READS, tally.readLatency());
        figures.add(Timing.WRITES, tally.writeLatency());
        figures.longestWrite = tally.longestWrite();
        return figures;
    }

    public Figures add(Count count, long more) {
        counts.merge(count, more, Long::sum);
        return this;
    }

    public Figures add(Timing timing, Latency more) {
        timing(timing).add(more);
        return this;
    }

    /** Adds the figures of another process. */
    public Figures add(Figures other) {
        other.counts.forEach(this::add);
        other.timings.forEach(this::add);
        longestWrite = longestWrite.compareTo(other.longestWrite) > 0 ? longestWrite : other.longestWrite;
        return this;
    }

    public long count(Count count) {
        return counts.getOrDefault(count, 0L);
    }

    public Latency timing(Timing timing) {
        return timings.computeIfAbsent(timing, absent -> new Latency());
    }

    public Duration longestWrite() {
        return longestWrite;
    }

    /** One line, for {@link #decode}. */
    public String encode() {
        StringJoiner text = new StringJoiner(";");
        counts.values().forEach(count -> text.add(count.toString()));
        timings.values().forEach(timing -> text.add(timing.encode()));
        return text.add(longestWrite.toString()).toString();
    }

    public static Figures decode(String text) {
        String[] fields = text.split(";", -1);
        Figures figures = new Figures();
        int field = 0;
        for (Count count : Count.values()) {
            figures.add(count, Long.parseLong(fields[field++]));
        }
        for (Timing timing : Timing.values()) {
            figures.add(timing, Latency.decode(fields[field++]));
        }
        figures.longestWrite = Duration.parse(fields[field]);
        return figures;
    }
}
