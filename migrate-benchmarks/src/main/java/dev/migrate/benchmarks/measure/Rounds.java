package dev.migrate.benchmarks.measure;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * How often and how long a group's benchmarks are run: in rounds, each benchmark once a round in a JVM of its own, in turn.
 *
 * <p>So a machine that is busy for a while is busy for ours, the peers and the limit alike; every other round goes backwards.
 *
 * @param rounds how many forks each benchmark gets; 0 runs each once, in this JVM
 * @param warmups how many iterations are thrown away in each
 * @param iterations how many count
 * @param millis how long an iteration takes, in milliseconds
 */
public record Rounds(int rounds, int warmups, int iterations, int millis, boolean isVerbose) {
    private static final String HEAP = "-Xmx1g";

    /** The same, with one fork of each benchmark. */
    public Rounds once() {
        return new Rounds(1, warmups, iterations, millis, isVerbose);
    }

    /** The same, with what JMH prints. */
    public Rounds verbosely() {
        return new Rounds(rounds, warmups, iterations, millis, true);
    }

    /** For how long a timed run is warmed up. */
    public long warmupMillis() {
        return (long) warmups * millis;
    }

    /** For how long a timed run is measured. */
    public long measuredMillis() {
        return (long) iterations * millis;
    }

    /** In words. */
    public String described() {
        return rounds + " forks of " + warmups + " + " + iterations + " iterations of " + millis + " ms each";
    }

    /** Runs a group. */
    public Figures run(Group group, PrintStream progress) throws RunnerException {
        Figures figures = new Figures();
        for (int round = 0; round < Math.max(1, rounds); round++) {
            List<String> turn = new ArrayList<>(group.benchmarks());
            if (round % 2 == 1) {
                Collections.reverse(turn);
            }
            for (String benchmark : turn) {
                progress.printf("round %d of %d: %s%n", round + 1, Math.max(1, rounds), benchmark);
                for (RunResult result : fork(group, benchmark)) {
                    figures.add(benchmark, measured(result));
                }
            }
        }
        return figures;
    }

    private Iterable<RunResult> fork(Group group, String benchmark) throws RunnerException {
        return new Runner(new OptionsBuilder()
                        .include("^" + Pattern.quote(group.type().getName() + "." + benchmark) + "$")
                        .mode(Mode.AverageTime)
                        .timeUnit(TimeUnit.NANOSECONDS)
                        .forks(Math.min(1, rounds))
                        .jvmArgsAppend(HEAP)
                        .threads(1)
                        .warmupIterations(warmups)
                        .warmupTime(TimeValue.milliseconds(millis))
                        .measurementIterations(iterations)
                        .measurementTime(TimeValue.milliseconds(millis))
                        .addProfiler(GCProfiler.class)
                        .shouldDoGC(true)
                        .shouldFailOnError(true)
                        .verbosity(isVerbose ? VerboseMode.NORMAL : VerboseMode.SILENT)
                        .build())
                .run();
    }

    /** What JMH gives, in nanoseconds an operation. */
    static Measurement measured(RunResult result) {
        BenchmarkParams asked = result.getParams();
        if (asked.getMode() != Mode.AverageTime) {
            throw new IllegalArgumentException(
                    "a benchmark must be run for its average time, but was for " + asked.getMode());
        }
        double unit = asked.getTimeUnit().toNanos(1);
        List<List<Double>> nanos = new ArrayList<>();
        List<Double> bytes = new ArrayList<>();
        List<Double> callerBytes = new ArrayList<>();
        for (BenchmarkResult fork : result.getBenchmarkResults()) {
            nanos.add(fork.getIterationResults().stream()
                    .map(iteration -> iteration.getPrimaryResult().getScore() * unit)
                    .toList());
            @SuppressWarnings("rawtypes")
            Map<String, Result> more = fork.getSecondaryResults();
            @Nullable Result<?> allocated = more.get("gc.alloc.rate.norm");
            if (allocated != null) {
                bytes.add(allocated.getScore());
            }
            @Nullable Result<?> calls = more.get(CallerBytes.CALLS);
            @Nullable Result<?> ofCaller = more.get(CallerBytes.BYTES);
            if (calls != null && ofCaller != null) {
                callerBytes.add(ofCaller.getScore() / calls.getScore());
            }
        }
        return new Measurement(nanos, bytes, callerBytes);
    }
}
