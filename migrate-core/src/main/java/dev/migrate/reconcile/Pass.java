package dev.migrate.reconcile;

import dev.migrate.MigrationException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one pass over two tables has found.
 *
 * @param id names it: 1 to 36 characters
 * @param kind what was compared
 * @param began when; in microseconds
 * @param took how long
 * @param rowsCompared how many rows were compared: those of legacy, and those that only the target has; of a pass over what has changed, see
 *     {@link ChangedReport#rowsCompared}
 * @param confirmed how many differences were confirmed, by kind, without kinds that there were none of
 * @param inFlight how many rows differed while a copy was owed
 * @param hot how many rows changed at each look
 * @param notLookedAtAgain how many rows differed at first sight, beyond those that were looked at again
 * @param repaired how many of the differences a repair has mended since
 * @param isClean as {@link ReconciliationReport#isClean}; false for every pass that has not compared all rows
 */
public record Pass(
        String id,
        Kind kind,
        Instant began,
        Duration took,
        long rowsCompared,
        Map<Difference.Kind, Long> confirmed,
        long inFlight,
        long hot,
        long notLookedAtAgain,
        long repaired,
        boolean isClean) {
    /**
     * Copies the map, without kinds that there are none of.
     *
     * @throws MigrationException where a pass that has not compared all rows is said to be clean
     */
    public Pass {
        if (isClean && kind != Kind.FULL) {
            throw new MigrationException("isClean of pass '" + id + "' must be false, because a pass of kind " + kind
                    + " has not compared all rows, but was true; only a pass of kind FULL is clean");
        }
        confirmed = confirmed.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** What a pass compares. */
    public enum Kind {
        /** All rows. */
        FULL,
        /** Those that have changed since the pass before: {@link Reconciliation#changed}. */
        CHANGED
    }

    /** How many differences of a kind were confirmed. */
    public long count(Difference.Kind of) {
        return confirmed.getOrDefault(of, 0L);
    }

    /** How many differences were confirmed. */
    public long differences() {
        return confirmed.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The same pass, with more rows repaired. */
    public Pass repaired(long more) {
        return new Pass(
                id,
                kind,
                began,
                took,
                rowsCompared,
                confirmed,
                inFlight,
                hot,
                notLookedAtAgain,
                repaired + more,
                isClean);
    }
}
