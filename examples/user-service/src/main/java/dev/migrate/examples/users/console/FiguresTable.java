package dev.migrate.examples.users.console;

import dev.migrate.examples.users.check.CheckReport;
import dev.migrate.examples.users.console.Console.Row;
import dev.migrate.examples.users.console.Figures.Count;
import dev.migrate.examples.users.console.Figures.Timing;
import dev.migrate.examples.users.load.Latency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures of a whole run, as rows of a table. */
public final class FiguresTable {

    private FiguresTable() {}

    /**
     * The rows, of which those that begin with a space belong to the one above.
     *
     * @param figures of all application processes together
     * @param silence the longest time between one acknowledgement and the next, a restart included
     */
    public static List<Row> of(Figures figures, CheckReport check, Duration silence) {
        List<Row> rows = new ArrayList<>();
        rows.add(count("writes acknowledged", check.acknowledged()));
        rows.add(count("  lost", check.lost()));
        rows.add(count("  different on the two sides", check.diverged()));
        rows.add(count("  repaired", figures.count(Count.REPAIRED)));
        rows.add(count("writes rejected by a rule", figures.count(Count.REJECTED_WRITES)));
        rows.add(count("writes of unknown outcome", check.unknown()));
        rows.add(count("reads", figures.count(Count.READS)));
        rows.add(count("  older than acknowledged", figures.count(Count.STALE_READS)));
        rows.add(count("  failed", figures.count(Count.FAILED_READS)));
        rows.add(count("mismatches", figures.count(Count.MISMATCHES)));
        rows.add(count("fallbacks", figures.count(Count.FALLBACKS)));
        rows.add(count("rollbacks", figures.count(Count.ROLLBACKS)));
        rows.add(count("injected failures", figures.count(Count.INJECTED_FAILURES)));
        rows.add(timing("legacy p50 / p99", figures.timing(Timing.LEGACY)));
        rows.add(timing("target p50 / p99", figures.timing(Timing.TARGET)));
        rows.add(timing("callers' reads p50 / p99", figures.timing(Timing.READS)));
        rows.add(timing("callers' writes p50 / p99", figures.timing(Timing.WRITES)));
        rows.add(new Row("longest write pause", millis(figures.longestWrite())));
        rows.add(new Row("longest time without a write", millis(silence)));
        return rows;
    }

    private static Row count(String name, long value) {
        return new Row(name, String.format(Locale.ROOT, "%,d", value));
    }

    private static Row timing(String name, Latency latency) {
        return new Row(
                name,
                latency.count() == 0 ? "-" : millis(latency.quantile(0.5)) + " / " + millis(latency.quantile(0.99)));
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%,.1f ms", duration.toNanos() / 1e6);
    }
}
