package dev.migrate.benchmarks.measure;

import org.openjdk.jmh.annotations.Benchmark;

/** What the tests measure. */
public class TrivialBenchmark {
    /** Nothing. */
    @Benchmark
    public int nothing() {
        return 1;
    }

    /** A kilobyte. */
    @Benchmark
    public byte[] allocates(CallerBytes caller) {
        caller.begin();
        byte[] kilobyte = new byte[1_024];
        caller.end(1);
        return kilobyte;
    }
}
