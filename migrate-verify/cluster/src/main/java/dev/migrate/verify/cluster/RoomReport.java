package dev.migrate.verify.cluster;

import dev.migrate.verify.cluster.Deed.Done;
import dev.migrate.verify.cluster.Deed.Kind;
import dev.migrate.verify.cluster.Deed.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a run of {@link RoomWork} came to.
 *
 * @param madeWay how many rows were put aside so that others could have their labels: only in groups that are copied together
 */
record RoomReport(Ran ran, List<Deed> deeds, RoomVerdict verdict, long madeWay) implements RunReport {
    private static final Set<Kind> SWAPS = Set.of(Kind.SWAP, Kind.CIRCLE, Kind.SWAP_IN_STEPS);
    private static final Set<Kind> CASCADES = Set.of(Kind.DROP, Kind.DROP_MANY);
    private static final int SHOWN = 10;

    @Override
    public boolean isClean() {
        return ran.isClean() && verdict.isClean();
    }

    long done() {
        return count(Outcome.DONE);
    }

    private long count(Outcome outcome) {
        return deeds.stream().filter(deed -> deed.outcome() == outcome).count();
    }

    private Stream<Deed> done(Set<Kind> kinds) {
        return deeds.stream().filter(deed -> deed.outcome() == Outcome.DONE && kinds.contains(deed.kind()));
    }

    long swaps() {
        return done(SWAPS).count();
    }

    private long sum(Set<Kind> kinds, ToIntFunction<Done> number) {
        return done(kinds).mapToInt(deed -> number.applyAsInt(deed.done())).sum();
    }

    /** Seats and badges that went with their room. */
    long cascaded() {
        return sum(CASCADES, Done::cascaded);
    }

    /** Rooms and seats that were deleted by a statement past the routers. */
    long deletedInBulk() {
        return sum(Set.of(Kind.DROP_MANY, Kind.CLEAR), Done::rows);
    }

    /** How often a statement was refused past the routers, and begun again where authority had gone. */
    long begunAgain() {
        return sum(Set.of(Kind.values()), Done::refusals);
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>(ran.wanted());
        lines.add(Ran.line("deeds done", done()));
        Arrays.stream(Kind.values())
                .forEach(kind -> lines.add(Ran.line(
                        "  " + Workload.inWords(kind), done(Set.of(kind)).count())));
        lines.add(Ran.line("in the way, idle", count(Outcome.IN_THE_WAY) + ", " + count(Outcome.IDLE)));
        lines.add(Ran.line("refused, unknown", count(Outcome.REFUSED) + ", " + count(Outcome.UNKNOWN)));
        lines.add(Ran.line("begun again", begunAgain()));
        lines.add(Ran.line("swaps", swaps()));
        lines.add(Ran.line("rows cascaded", cascaded()));
        lines.add(Ran.line("bulk: rows deleted", deletedInBulk()));
        lines.add(Ran.line("bulk: rows updated", sum(Set.of(Kind.PAINT, Kind.STAMP), Done::rows)));
        lines.add(Ran.line("tickets booked", done(Set.of(Kind.BOOK)).count()));
        lines.addAll(ran.havoc());
        lines.add(Ran.line(
                "pause by the nodes",
                Pauses.summary(
                        ran.handovers().stream().map(Handover::pause).sorted().toList())));
        lines.add(Ran.line("rows that made way", madeWay));
        lines.addAll(ran.left());
        lines.add(Ran.line("rows compared", verdict.rows()));
        lines.add(Ran.line("rows unequal", verdict.unequal().size()));
        lines.add(Ran.line("constraints broken", verdict.broken().size()));
        lines.add(Ran.line("tickets lost", verdict.lost().size()));
        lines.add(Ran.line("verdict", isClean() ? "equal, nothing owed, nothing parked" : "BROKEN"));
        lines.addAll(Stream.of(verdict.unequal(), verdict.broken(), verdict.lost())
                .flatMap(found -> found.stream().limit(SHOWN))
                .collect(Collectors.toList()));
        lines.addAll(ran.unexpected());
        return lines;
    }
}
