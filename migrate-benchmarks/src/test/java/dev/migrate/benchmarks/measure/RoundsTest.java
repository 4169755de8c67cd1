package dev.migrate.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs JMH for real, for milliseconds and in this JVM; what comes out of it as time is not looked at. */
class RoundsTest {
    private static final Group GROUP =
            new Group("trivial", TrivialBenchmark.class, List.of("allocates", "nothing"), List.of());

    @Test
    void run_givesTimeAndBytesOfEachBenchmark() throws RunnerException {
        ByteArrayOutputStream progress = new ByteArrayOutputStream();
        Figures figures = new Rounds(0, 1, 2, 20, false).run(GROUP, new PrintStream(progress));
        assertThat(figures.best("nothing", Quantity.TIME)).isPositive();
        assertThat(figures.best("nothing", Quantity.BYTES)).isLessThan(100);
        assertThat(figures.best("allocates", Quantity.BYTES)).isGreaterThan(1_000);
        assertThat(figures.best("allocates", Quantity.CALLER_BYTES)).isGreaterThan(1_000);
        assertThat(progress.toString()).contains("round 1 of 1: allocates");
    }

    @Test
    void measured_isInNanoseconds_whateverTheBenchmarkSays() throws RunnerException {
        RunResult result = new Runner(new OptionsBuilder()
                        .include("TrivialBenchmark.nothing$")
                        .mode(Mode.AverageTime)
                        .timeUnit(java.util.concurrent.TimeUnit.SECONDS)
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(3)
                        .measurementTime(TimeValue.milliseconds(5))
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .runSingle();
        Measurement measured = Rounds.measured(result);
        double score = result.getPrimaryResult().getStatistics().getMin();
        assertThat(measured.nanos()).hasSize(1);
        assertThat(measured.nanos().get(0)).hasSize(3).contains(score * 1e9);
    }
}
