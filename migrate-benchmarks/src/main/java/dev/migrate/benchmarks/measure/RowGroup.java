package dev.migrate.benchmarks.measure;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Benchmarks that go through whole tables, each of which takes seconds: each gets its turn once a round, after one turn that is not
 * counted, all in one JVM and on one server; every other round goes backwards. An operation is a row of the table, and what counts is the
 * median of the rounds.
 *
 * @param rows how many rows the table has
 * @param opened makes what they work on
 */
public record RowGroup(String name, int rows, List<String> benchmarks, List<Claim> claims, Opened opened)
        implements Suite {
    /** Copies the lists. */
    public RowGroup {
        benchmarks = List.copyOf(benchmarks);
        claims = List.copyOf(claims);
    }

    /** Makes what the benchmarks work on. */
    @FunctionalInterface
    public interface Opened {
        /** Makes it, with tables of so many rows. */
        World open(int rows) throws Exception;
    }

    /** What the benchmarks work on. */
    public interface World extends AutoCloseable {
        /** Brings the tables to where a benchmark begins; not timed. */
        void prepare(String benchmark) throws Exception;

        /** Does it once. */
        void run(String benchmark) throws Exception;

        /** Throws where a benchmark has not done what it was there for; not timed. */
        void check(String benchmark) throws Exception;
    }

    @Override
    public String described(Rounds rounds) {
        return Math.max(1, rounds.rounds()) + " rounds after one that does not count, with " + rows + " rows";
    }

    @Override
    public Figures run(Rounds rounds, PrintStream progress) {
        Map<String, List<Double>> nanos = new LinkedHashMap<>();
        benchmarks.forEach(benchmark -> nanos.put(benchmark, new ArrayList<>()));
        int counted = Math.max(1, rounds.rounds());
        try (World world = opened.open(rows)) {
            for (int round = 0; round <= counted; round++) {
                List<String> turn = new ArrayList<>(benchmarks);
                if (round % 2 == 1) {
                    Collections.reverse(turn);
                }
                for (String benchmark : turn) {
                    double took = timed(world, benchmark);
                    progress.printf(
                            "round %d of %d: %s, %.0f rows/s%n", round, counted, benchmark, rows / (took / 1e9));
                    if (round > 0) {
                        nanos.computeIfAbsent(benchmark, unused -> new ArrayList<>())
                                .add(took / rows);
                    }
                }
            }
        } catch (Exception failure) {
            throw new IllegalStateException("group " + name + " could not be run", failure);
        }
        Figures figures = new Figures();
        nanos.forEach(
                (benchmark, each) -> figures.add(benchmark, new Measurement(List.of(each), List.of(), List.of())));
        return figures;
    }

    private static double timed(World world, String benchmark) throws Exception {
        world.prepare(benchmark);
        long begun = System.nanoTime();
        world.run(benchmark);
        long took = System.nanoTime() - begun;
        world.check(benchmark);
        return took;
    }
}
