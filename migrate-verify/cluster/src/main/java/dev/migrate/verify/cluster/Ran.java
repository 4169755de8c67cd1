package dev.migrate.verify.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How a run went, whatever its workload was.
 *
 * @param handovers those that were completed
 * @param rest what was left after draining
 * @param parkings how often a key was parked on the way
 * @param unexpected what nobody had asked for, such as a node that ended by itself
 */
record Ran(
        Options options,
        Duration took,
        int walks,
        int steps,
        List<String> refusals,
        int kills,
        int killsInside,
        int stops,
        List<Handover> handovers,
        Rest rest,
        int parkings,
        List<String> unexpected) {

    /** Whether all was copied, without a person's help, and nothing went wrong that was not meant to. */
    boolean isClean() {
        return rest.isNone() && parkings == 0 && unexpected.isEmpty();
    }

    /** What was asked for. */
    List<String> wanted() {
        return List.of(
                line("seed", options.seed()),
                line("took", took.toSeconds() + " s"),
                line("database", options.database()),
                line(
                        "workload",
                        Workload.inWords(options.workload())
                                + (options.lacking() == Lacking.NOTHING
                                        ? ""
                                        : " without " + Workload.inWords(options.lacking()))),
                line(
                        options.workload() == Workload.ITEMS ? "keys, clients, rate" : "rooms, clients, rate",
                        options.keys() + ", " + options.clients() + ", " + options.perSecond()));
    }

    /** What was done to the nodes. */
    List<String> havoc() {
        return List.of(
                line("walks, steps", walks + ", " + steps),
                line("steps tried in vain", refusals.size()),
                line("kills", kills),
                line("kills in a handover", killsInside),
                line("stops", stops),
                line("handovers completed", handovers.size()));
    }

    /** What was left. */
    List<String> left() {
        return List.of(
                line("still owed", rest.owed()),
                line("parked, dismissed", rest.parked() + ", " + rest.dismissed() + "; parked on the way " + parkings));
    }

    static String line(String name, Object value) {
        return String.format(Locale.ROOT, "%-22s %s", name, value);
    }
}
