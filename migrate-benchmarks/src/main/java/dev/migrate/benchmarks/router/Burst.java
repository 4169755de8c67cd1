package dev.migrate.benchmarks.router;

import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * As many reads as the shadow's queue can take, after which the shadow works them off before the next ones are timed.
 *
 * <p>A caller that only reads is faster than any shadow: without the pause the queue would be full, and what is timed be the dropping.
 */
public abstract class Burst {
    static final int READS = 500;
    private final RoutedItems items;
    private long settled;

    Burst(RoutedItems items) {
        this.items = items;
    }

    RoutedItems items() {
        return items;
    }

    /** For JMH: the burst begins. */
    @Setup(Level.Invocation)
    public void begin() {
        settled = settled();
    }

    /** For JMH: the burst has ended; waits for the shadow. */
    @TearDown(Level.Invocation)
    public void end() {
        while (settled() - settled < READS) {
            LockSupport.parkNanos(1_000);
        }
    }

    private long settled() {
        return items.compared() + items.dropped();
    }

    /** For JMH: ends the threads. */
    @TearDown
    public void close() {
        items.close();
    }

    /** On SHADOW. */
    @State(Scope.Thread)
    public static class Shadow extends Burst {
        /** For JMH. */
        public Shadow() {
            super(new RoutedItems.Shadow());
        }
    }

    /** On LIVE. */
    @State(Scope.Thread)
    public static class Live extends Burst {
        /** For JMH. */
        public Live() {
            super(new RoutedItems.Live());
        }
    }
}
