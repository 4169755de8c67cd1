package dev.migrate.benchmarks.measure;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Benchmarks of a database under several clients, too slow and too noisy for JMH: each gets its turn once a round, all in one JVM and on one server;
 * every other round goes backwards.
 *
 * @param clients how many threads call at the same time
 * @param opened opens what they work on
 */
public record TimedGroup(
        String name, int clients, List<String> benchmarks, List<Claim> claims, Callable<? extends World> opened)
        implements Suite {
    /** Copies the lists. */
    public TimedGroup {
        benchmarks = List.copyOf(benchmarks);
        claims = List.copyOf(claims);
    }

    /** What the benchmarks work on. */
    public interface World extends AutoCloseable {
        /** What a benchmark does again and again; thread-safe. */
        Operation operation(String benchmark);

        /** Brings to rest what a benchmark has left behind, before the next has its turn. */
        void settle() throws Exception;
    }

    /** One operation. */
    @FunctionalInterface
    public interface Operation {
        /** Does it. */
        void run() throws Exception;
    }

    @Override
    public Figures run(Rounds rounds, PrintStream progress) {
        Figures figures = new Figures();
        try (World world = opened.call()) {
            for (int round = 0; round < Math.max(1, rounds.rounds()); round++) {
                List<String> turn = new ArrayList<>(benchmarks);
                if (round % 2 == 1) {
                    Collections.reverse(turn);
                }
                for (String benchmark : turn) {
                    progress.printf("round %d of %d: %s%n", round + 1, Math.max(1, rounds.rounds()), benchmark);
                    Clients.run(clients, rounds.warmupMillis(), world.operation(benchmark));
                    figures.add(benchmark, Clients.run(clients, rounds.measuredMillis(), world.operation(benchmark)));
                    world.settle();
                }
            }
        } catch (Exception failure) {
            throw new IllegalStateException("group " + name + " could not be run", failure);
        }
        return figures;
    }
}
