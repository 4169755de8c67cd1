package dev.migrate.verify.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * How long writes took while a handover held some of them.
 *
 * @param held by the nodes' own account, one for each handover that was completed
 * @param within the longest acknowledged or refused write of a key of the range, for each such handover
 * @param outside the longest write of any other key at that time
 */
record Pauses(List<Duration> held, List<Duration> within, List<Duration> outside) {

    static Pauses of(List<Handover> handovers, List<Call> calls) {
        List<Call> writes = calls.stream()
                .filter(call -> call.isWrite() && call.outcome() != Call.Outcome.UNKNOWN)
                .toList();
        List<Duration> held = new ArrayList<>();
        List<Duration> within = new ArrayList<>();
        List<Duration> outside = new ArrayList<>();
        for (Handover handover : handovers) {
            held.add(handover.pause());
            longest(handover, writes, true, within);
            longest(handover, writes, false, outside);
        }
        return new Pauses(sorted(held), sorted(within), sorted(outside));
    }

    private static void longest(Handover handover, List<Call> writes, boolean isWithin, List<Duration> into) {
        writes.stream()
                .filter(call -> handover.overlaps(call) && handover.concerns(call) == isWithin)
                .max(Comparator.comparingLong(Call::nanos))
                .ifPresent(call -> into.add(Duration.ofNanos(call.nanos())));
    }

    private static List<Duration> sorted(List<Duration> durations) {
        return durations.stream().sorted().toList();
    }

    /** The median and the longest, in milliseconds. */
    static String summary(List<Duration> sorted) {
        if (sorted.isEmpty()) {
            return "none";
        }
        return String.format(
                Locale.ROOT,
                "p50 %d ms, max %d ms (of %d)",
                sorted.get((sorted.size() - 1) / 2).toMillis(),
                sorted.get(sorted.size() - 1).toMillis(),
                sorted.size());
    }
}
