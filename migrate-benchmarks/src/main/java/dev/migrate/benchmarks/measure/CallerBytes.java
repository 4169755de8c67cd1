package dev.migrate.benchmarks.measure;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Counts what the calling thread allocates, where other threads allocate too. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class CallerBytes {
    static final String BYTES = "bytes";
    static final String CALLS = "calls";
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** For JMH: the bytes so far. */
    public long bytes;

    /** For JMH: the calls so far. */
    public long calls;

    private long before;

    /** For JMH. */
    public CallerBytes() {}

    /** The calls begin. */
    public void begin() {
        before = THREADS.getCurrentThreadAllocatedBytes();
    }

    /** So many calls have ended. */
    public void end(int ended) {
        bytes += THREADS.getCurrentThreadAllocatedBytes() - before;
        calls += ended;
    }
}
