package dev.migrate.benchmarks.measure;

import java.io.PrintStream;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;

/** Benchmarks that are run together, in turn, and what is claimed of them. */
public interface Suite {
    /** What {@code run} is given. */
    String name();

    /** The names, in the order in which they take turns. */
    List<String> benchmarks();

    /** What is claimed. */
    List<Claim> claims();

    /** How often and how long each is run, in words. */
    default String described(Rounds rounds) {
        return rounds.described();
    }

    /** Runs all of them. */
    Figures run(Rounds rounds, PrintStream progress) throws RunnerException;
}
