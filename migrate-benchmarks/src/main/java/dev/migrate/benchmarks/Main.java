package dev.migrate.benchmarks;

import dev.migrate.benchmarks.backfill.BackfillBenchmark;
import dev.migrate.benchmarks.fallback.FallbackBenchmark;
import dev.migrate.benchmarks.flags.FlagBenchmark;
import dev.migrate.benchmarks.journal.JournalBenchmark;
import dev.migrate.benchmarks.journal.OutageBenchmark;
import dev.migrate.benchmarks.measure.Claim;
import dev.migrate.benchmarks.measure.Figures;
import dev.migrate.benchmarks.measure.Rounds;
import dev.migrate.benchmarks.measure.Suite;
import dev.migrate.benchmarks.reconcile.AcrossBenchmark;
import dev.migrate.benchmarks.reconcile.ReconcileBenchmark;
import dev.migrate.benchmarks.router.RouterBenchmark;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.RunnerException;

/** Runs one group of benchmarks, and says of each claim whether it holds. */
public final class Main {
    private static final String ROWS = "--rows";
    private static final int DEFAULT_ROWS = 1_000_000;
    private static final int FEWEST_ROWS = 10_000;
    private static final int MOST_ROWS = 100_000_000;
    private static final Rounds FULL = new Rounds(5, 10, 10, 500, false);
    private static final Rounds QUICK = new Rounds(3, 12, 10, 100, false);

    private Main() {}

    /** All groups, those of tables with so many rows. */
    static List<Suite> groups(int rows) {
        return List.of(
                FlagBenchmark.group(),
                RouterBenchmark.group(),
                FallbackBenchmark.group(),
                JournalBenchmark.group(),
                OutageBenchmark.group(),
                BackfillBenchmark.group(rows),
                ReconcileBenchmark.group(rows),
                AcrossBenchmark.group(rows));
    }

    /** Runs the group that the arguments name. */
    public static void main(String[] arguments) throws RunnerException {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    /** Runs the group that the arguments name; returns 0, or 2 where they name none. */
    static int run(List<String> arguments, PrintStream out, PrintStream err) throws RunnerException {
        List<String> names = new ArrayList<>(arguments);
        Rounds rounds = names.remove("--quick") ? QUICK : FULL;
        if (names.remove("--once")) {
            rounds = rounds.once();
        }
        if (names.remove("--verbose")) {
            rounds = rounds.verbosely();
        }
        OptionalInt rows = rows(names);
        if (rows.isEmpty()) {
            err.println(ROWS + " must be followed by a number from " + FEWEST_ROWS + " to " + MOST_ROWS + "\n"
                    + usage(names));
            return 2;
        }
        Optional<Suite> named = names.size() == 1
                ? groups(rows.getAsInt()).stream()
                        .filter(group -> group.name().equals(names.get(0)))
                        .findFirst()
                : Optional.empty();
        if (named.isEmpty()) {
            err.println(usage(names));
            return 2;
        }
        Suite group = named.get();
        out.printf("%s: %d benchmarks, %s%n", group.name(), group.benchmarks().size(), group.described(rounds));
        Figures figures = group.run(rounds, out);
        out.printf("%n%s%n", figures.table());
        for (Claim claim : group.claims()) {
            out.println(claim.judge(figures));
        }
        return 0;
    }

    /** Takes the number of rows from the arguments; empty where it is none, or out of range. */
    private static OptionalInt rows(List<String> names) {
        int at = names.indexOf(ROWS);
        if (at < 0) {
            return OptionalInt.of(DEFAULT_ROWS);
        }
        names.remove(at);
        String given = at < names.size() ? names.remove(at) : "";
        if (!given.matches("[0-9]{1,9}")) {
            return OptionalInt.empty();
        }
        int rows = Integer.parseInt(given);
        return rows < FEWEST_ROWS || rows > MOST_ROWS ? OptionalInt.empty() : OptionalInt.of(rows);
    }

    private static String usage(List<String> names) {
        String groups = groups(DEFAULT_ROWS).stream().map(Suite::name).collect(Collectors.joining(", "));
        return (names.isEmpty() ? "no group given" : "no such group: " + String.join(" ", names))
                + "\nusage: migrate-benchmarks/run [--quick] [--once] [--verbose] [--no-build] [--rows N] <group>"
                + "\ngroups: " + groups
                + "\n--quick: " + QUICK.described() + ", instead of " + FULL.described()
                + "\n--once: one fork of each, for a first look"
                + "\n--rows N: how many rows a table has in the groups backfill, reconcile and reconcile-mariadb, "
                + DEFAULT_ROWS
                + " where it is not said";
    }
}
