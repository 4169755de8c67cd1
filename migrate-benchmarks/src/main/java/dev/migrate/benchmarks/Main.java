package dev.migrate.benchmarks;

import dev.migrate.benchmarks.fallback.FallbackBenchmark;
import dev.migrate.benchmarks.flags.FlagBenchmark;
import dev.migrate.benchmarks.journal.JournalBenchmark;
import dev.migrate.benchmarks.journal.OutageBenchmark;
import dev.migrate.benchmarks.measure.Claim;
import dev.migrate.benchmarks.measure.Figures;
import dev.migrate.benchmarks.measure.Rounds;
import dev.migrate.benchmarks.measure.Suite;
import dev.migrate.benchmarks.router.RouterBenchmark;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.RunnerException;

/** Runs one group of benchmarks, and says of each claim whether it holds. */
public final class Main {
    private static final List<Suite> GROUPS = List.of(
            FlagBenchmark.group(),
            RouterBenchmark.group(),
            FallbackBenchmark.group(),
            JournalBenchmark.group(),
            OutageBenchmark.group());
    private static final Rounds FULL = new Rounds(5, 10, 10, 500, false);
    private static final Rounds QUICK = new Rounds(3, 12, 10, 100, false);

    private Main() {}

    static List<Suite> groups() {
        return GROUPS;
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
        Optional<Suite> named = names.size() == 1
                ? GROUPS.stream()
                        .filter(group -> group.name().equals(names.get(0)))
                        .findFirst()
                : Optional.empty();
        if (named.isEmpty()) {
            err.println(usage(names));
            return 2;
        }
        Suite group = named.get();
        out.printf("%s: %d benchmarks, %s%n", group.name(), group.benchmarks().size(), rounds.described());
        Figures figures = group.run(rounds, out);
        out.printf("%n%s%n", figures.table());
        for (Claim claim : group.claims()) {
            out.println(claim.judge(figures));
        }
        return 0;
    }

    private static String usage(List<String> names) {
        String groups = GROUPS.stream().map(Suite::name).collect(Collectors.joining(", "));
        return (names.isEmpty() ? "no group given" : "no such group: " + String.join(" ", names))
                + "\nusage: migrate-benchmarks/run [--quick] [--once] [--verbose] [--no-build] <group>"
                + "\ngroups: " + groups
                + "\n--quick: " + QUICK.described() + ", instead of " + FULL.described()
                + "\n--once: one fork of each, for a first look";
    }
}
