package dev.migrate.benchmarks.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that do the same again and again for a while, each operation timed. */
public final class Clients {
    private static final int MOST = 2_000_000;

    private Clients() {}

    /** What all of them together have measured. */
    public static Measurement run(int clients, long millis, TimedGroup.Operation operation) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            long begun = System.nanoTime();
            long end = begun + millis * 1_000_000;
            List<Future<long[]>> running = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                running.add(threads.submit(() -> untilEnd(end, operation)));
            }
            List<long[]> latencies = new ArrayList<>();
            for (Future<long[]> each : running) {
                latencies.add(each.get());
            }
            return measured(System.nanoTime() - begun, latencies);
        } finally {
            threads.shutdownNow();
        }
    }

    private static long[] untilEnd(long end, TimedGroup.Operation operation) throws Exception {
        long[] nanos = new long[64];
        int count = 0;
        long begun = System.nanoTime();
        while (begun - end < 0 && count < MOST) {
            operation.run();
            long ended = System.nanoTime();
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * count);
            }
            nanos[count++] = ended - begun;
            begun = ended;
        }
        return Arrays.copyOf(nanos, count);
    }

    /** Time for an operation is that of all clients together, the inverse of their throughput. */
    private static Measurement measured(long took, List<long[]> latencies) {
        long[] all = latencies.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        if (all.length == 0) {
            throw new IllegalStateException("no operation has ended in time; measure for longer");
        }
        double slow = all[(int) (all.length * 99L / 100)];
        return new Measurement(List.of(List.of((double) took / all.length)), List.of(), List.of(), List.of(slow));
    }
}
