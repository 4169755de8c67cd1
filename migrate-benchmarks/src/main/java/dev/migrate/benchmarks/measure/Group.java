package dev.migrate.benchmarks.measure;

import java.io.PrintStream;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Benchmarks of JMH that are run together, and what is claimed of them.
 *
 * @param name what {@code run} is given
 * @param benchmarks the class of the benchmarks and a method of it, in the order in which they take turns
 */
public record Group(String name, Class<?> type, List<String> benchmarks, List<Claim> claims) implements Suite {
    /** Copies the lists. */
    public Group {
        benchmarks = List.copyOf(benchmarks);
        claims = List.copyOf(claims);
    }

    @Override
    public Figures run(Rounds rounds, PrintStream progress) throws RunnerException {
        return rounds.run(this, progress);
    }
}
