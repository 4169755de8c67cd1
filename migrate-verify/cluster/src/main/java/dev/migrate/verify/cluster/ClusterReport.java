package dev.migrate.verify.cluster;

import dev.migrate.verify.cluster.Call.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What a run of {@link ItemWork} came to. */
record ClusterReport(Ran ran, List<Call> calls, Verdict verdict, Pauses pauses) implements RunReport {

    @Override
    public boolean isClean() {
        return verdict.isClean() && ran.isClean();
    }

    private long count(boolean writes, Outcome outcome) {
        return calls.stream()
                .filter(call -> call.isWrite() == writes && call.outcome() == outcome)
                .count();
    }

    long acknowledgedWrites() {
        return count(true, Outcome.ACKNOWLEDGED);
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>(ran.wanted());
        lines.add(Ran.line("writes acknowledged", acknowledgedWrites()));
        lines.add(Ran.line("writes unknown", count(true, Outcome.UNKNOWN)));
        lines.add(Ran.line("writes refused", count(true, Outcome.REFUSED)));
        lines.add(Ran.line("reads answered", count(false, Outcome.ACKNOWLEDGED)));
        lines.add(Ran.line("reads failed", count(false, Outcome.UNKNOWN) + count(false, Outcome.REFUSED)));
        lines.addAll(ran.havoc());
        lines.add(Ran.line("pause by the nodes", Pauses.summary(pauses.held())));
        lines.add(Ran.line("longest write, fenced", Pauses.summary(pauses.within())));
        lines.add(Ran.line("longest write, others", Pauses.summary(pauses.outside())));
        lines.add(Ran.line("all writes", percentiles()));
        lines.addAll(ran.left());
        lines.add(Ran.line(
                "lost",
                verdict.lost().size() + " of legacy, " + verdict.lostOnShadow().size() + " of target"));
        lines.add(Ran.line("diverged", verdict.diverged().size()));
        lines.add(Ran.line("not linearizable", verdict.violations().size()));
        verdict.violations().stream().limit(5).forEach(violation -> lines.add(violation.toString()));
        Stream.of(verdict.lost(), verdict.lostOnShadow(), verdict.diverged())
                .flatMap(List::stream)
                .distinct()
                .limit(20)
                .forEach(key -> lines.add("look at key " + key));
        lines.addAll(ran.unexpected());
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
}
