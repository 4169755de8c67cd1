package dev.migrate.verify.cluster;

import dev.migrate.verify.cluster.Call.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a run came to.
 *
 * @param owed what was owed at the end, after draining
 * @param unexpected what nobody had asked for, such as a node that ended by itself
 */
record ClusterReport(
        Options options,
        List<Call> calls,
        Verdict verdict,
        Pauses pauses,
        Duration took,
        int walks,
        int steps,
        List<String> refusals,
        int kills,
        int killsInside,
        int stops,
        long owed,
        List<String> unexpected) {

    boolean isClean() {
        return verdict.isClean() && owed == 0 && unexpected.isEmpty();
    }

    private long count(boolean writes, Outcome outcome) {
        return calls.stream()
                .filter(call -> call.isWrite() == writes && call.outcome() == outcome)
                .count();
    }

    long acknowledgedWrites() {
        return count(true, Outcome.ACKNOWLEDGED);
    }

    /** The report, a line for each figure. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(line("seed", options.seed()));
        lines.add(line("took", took.toSeconds() + " s"));
        lines.add(line("database", options.database()));
        lines.add(line("keys, clients, rate", options.keys() + ", " + options.clients() + ", " + options.perSecond()));
        lines.add(line("writes acknowledged", acknowledgedWrites()));
        lines.add(line("writes unknown", count(true, Outcome.UNKNOWN)));
        lines.add(line("writes refused", count(true, Outcome.REFUSED)));
        lines.add(line("reads answered", count(false, Outcome.ACKNOWLEDGED)));
        lines.add(line("reads failed", count(false, Outcome.UNKNOWN) + count(false, Outcome.REFUSED)));
        lines.add(line("walks, steps", walks + ", " + steps));
        lines.add(line("steps tried in vain", refusals.size()));
        lines.add(line("kills", kills));
        lines.add(line("kills in a handover", killsInside));
        lines.add(line("stops", stops));
        lines.add(line("handovers completed", pauses.held().size()));
        lines.add(line("pause by the nodes", Pauses.summary(pauses.held())));
        lines.add(line("longest write, fenced", Pauses.summary(pauses.within())));
        lines.add(line("longest write, others", Pauses.summary(pauses.outside())));
        lines.add(line("all writes", percentiles()));
        lines.add(line("still owed", owed));
        lines.add(line(
                "lost",
                verdict.lost().size() + " of legacy, " + verdict.lostOnShadow().size() + " of target"));
        lines.add(line("diverged", verdict.diverged().size()));
        lines.add(line("not linearizable", verdict.violations().size()));
        verdict.violations().stream().limit(5).forEach(violation -> lines.add(violation.toString()));
        Stream.of(verdict.lost(), verdict.lostOnShadow(), verdict.diverged())
                .flatMap(List::stream)
                .distinct()
                .limit(20)
                .forEach(key -> lines.add("look at key " + key));
        lines.addAll(unexpected);
        return lines;
    }

    private String percentiles() {
        long[] nanos = calls.stream()
                .filter(call -> call.isWrite() && call.isAcknowledged())
                .mapToLong(Call::nanos)
                .sorted()
                .toArray();
        if (nanos.length == 0) {
            return "none";
        }
        return String.format(
                Locale.ROOT,
                "p50 %.1f ms, p99 %.1f ms, max %.1f ms",
                nanos[nanos.length / 2] / 1e6,
                nanos[nanos.length * 99 / 100] / 1e6,
                nanos[nanos.length - 1] / 1e6);
    }

    private static String line(String name, Object value) {
        return String.format(Locale.ROOT, "%-22s %s", name, value);
    }
}
