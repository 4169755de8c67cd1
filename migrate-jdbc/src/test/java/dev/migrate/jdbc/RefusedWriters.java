package dev.migrate.jdbc;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/** Threads that write new keys again and again, whatever becomes of it, until they are closed. */
abstract class RefusedWriters implements AutoCloseable {
    private static final int WRITERS = 4;
    private static final Duration LONG = Duration.ofSeconds(120);

    /** How many writes were not refused. */
    final AtomicLong done = new AtomicLong();

    private final AtomicIntegerArray refusals = new AtomicIntegerArray(WRITERS);
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    private final List<Future<?>> running = new ArrayList<>();

    /** Writes one key. */
    interface OneWrite {
        void of(String key) throws Exception;
    }

    /** What one of the writers does, with {@link #untilOver}. */
    abstract void write(int number) throws Exception;

    final void untilOver(int number, OneWrite write) throws Exception {
        for (int i = 0; !isOver.get(); i++) {
            write.of("w" + number + "-" + i);
        }
    }

    final void refused(int number) {
        refusals.incrementAndGet(number);
    }

    final void start() {
        for (int writer = 0; writer < WRITERS; writer++) {
            int number = writer;
            running.add(threads.submit(() -> {
                write(number);
                return null;
            }));
        }
    }

    final void awaitMore(int writes) {
        long before = done.get();
        await().atMost(LONG).until(() -> done.get() >= before + writes);
    }

    /** Two refusals, because the first may be of before the fence was there for all; what was begun before has ended by then. */
    final void awaitOneMoreRefusalOfEach() {
        int[] before = new int[WRITERS];
        for (int writer = 0; writer < WRITERS; writer++) {
            before[writer] = refusals.get(writer);
        }
        await().atMost(LONG).until(() -> {
            for (int writer = 0; writer < WRITERS; writer++) {
                if (running.get(writer).isDone()) {
                    running.get(writer).get();
                }
                if (refusals.get(writer) <= before[writer] + 1) {
                    return false;
                }
            }
            return true;
        });
    }

    @Override
    public void close() throws Exception {
        isOver.set(true);
        threads.shutdown();
        for (Future<?> writer : running) {
            writer.get();
        }
    }
}
