package dev.migrate.verify.cluster.backfill;

import dev.migrate.side.Debt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How a run went.
 *
 * @param kills how often nodes were killed
 * @param killed how many processes that were
 * @param tableBytes what legacy's table occupies, its index included
 * @param inVain what ended runs of the backfill before it was done, beside the kills
 * @param ended nodes that have ended by themselves
 * @param left what is still owed
 */
record KillReport(
        Options options,
        Duration took,
        int kills,
        int killed,
        long tableBytes,
        List<String> inVain,
        List<String> ended,
        Debt left,
        Verdict verdict) {

    /** Chunks that were begun again although their worker was alive: it was slower than its lease. */
    long overtaken() {
        return inVain.stream()
                .filter(why -> why.contains("taken over by another worker"))
                .count();
    }

    /** How many chunks a kill has had begun again, on average. */
    double repeatedPerKill() {
        return (double) (verdict.repeated() - overtaken()) / Math.max(1, kills);
    }

    boolean isClean() {
        return verdict.isExact()
                && kills == options.kills()
                && (kills == 0 ? repeatedPerKill() == 0 : repeatedPerKill() < 2)
                && ended.isEmpty()
                && left.isSettled();
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>(List.of(
                "seed                   " + options.seed(),
                "copying took           " + took.toMillis() / 1_000.0 + " s",
                "legacy's table         " + options.rows() + " rows, " + (tableBytes >> 20) + " MB; a node's heap "
                        + Options.HEAP + " MB",
                "kills                  " + kills + " (" + killed + " processes)",
                "chunks                 " + verdict.chunks() + " of " + options.chunkRows()
                        + " rows; not done or not joined " + verdict.unfinished(),
                "chunks begun again     " + verdict.repeated() + ", of which " + overtaken() + " from a slow worker; "
                        + Math.round(repeatedPerKill() * 100) / 100.0 + " a kill",
                "rows written meanwhile " + verdict.writtenMeanwhile() + ", and " + verdict.deletedMeanwhile()
                        + " deleted",
                "missing, unequal, more " + verdict.missing() + ", " + verdict.unequal() + ", " + verdict.extra(),
                "applied twice          " + verdict.appliedTwice(),
                "apart from their note  " + verdict.apart() + "; chunks miscounted " + verdict.miscounted(),
                "still owed             " + left.keys()));
        lines.addAll(ended);
        inVain.stream().distinct().forEach(why -> lines.add("in vain: " + why));
        return lines;
    }
}
