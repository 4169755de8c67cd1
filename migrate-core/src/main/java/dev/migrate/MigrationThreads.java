package dev.migrate;

import dev.migrate.internal.Waiting;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The threads on which shadow work and regular chores run: a bounded pool with a bounded queue, and one timer.
 *
 * <p>A migration makes its own unless it is given some; migrations may share them, so that many migrations need no more threads
 * than one. All are daemon threads; those of the pool go when they are idle. Whoever made them closes them. The caller's MDC, and
 * the thread-locals registered with {@link #carrying}, are there during shadow work. Thread-safe.
 */
public final class MigrationThreads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MigrationThreads.class);
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final Duration CLOSE = Duration.ofSeconds(10);
    private final ThreadPoolExecutor pool;
    private final ScheduledThreadPoolExecutor timer;
    private final AtomicLong dropped = new AtomicLong();
    private final ContextCarrier carrier;
    private final int threads;
    private int hung;

    private MigrationThreads(ThreadPoolExecutor pool, ScheduledThreadPoolExecutor timer, ContextCarrier carrier) {
        this.pool = pool;
        this.threads = pool.getMaximumPoolSize();
        this.timer = timer;
        this.carrier = carrier;
    }

    /**
     * Threads of a given number.
     *
     * @param name begins the threads' names
     * @param threads at least 1: how many pieces of shadow work run at a time
     * @param queue at least 1: how many more may wait; what comes then is dropped and counted
     */
    public static MigrationThreads of(String name, int threads, int queue) {
        if (threads < 1 || queue < 1) {
            throw new MigrationException("threads and queue must be at least 1, but were " + threads + " and " + queue);
        }
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE.toMillis(),
                TimeUnit.MILLISECONDS,
                new ArrayBlockingQueue<>(queue),
                daemons("migrate-" + name + "-shadow-"),
                (work, full) -> ((Carried) work).isDropped = true);
        pool.allowCoreThreadTimeOut(true);
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, daemons("migrate-" + name + "-timer-"));
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return new MigrationThreads(pool, timer, new ContextCarrier());
    }

    /** Carries a thread-local of the application's into shadow work, besides the MDC. Returns this. */
    public MigrationThreads carrying(ThreadLocal<?> local) {
        carrier.add(local);
        return this;
    }

    /**
     * Runs work on the pool with the caller's context. Never blocks and never throws.
     *
     * @return false where the queue is full or the threads are closed: the work was dropped, and counted
     */
    public boolean offer(Runnable work) {
        Waiting.Driver driver = Waiting.driver();
        boolean isDropped = driver == null ? isDroppedByPool(work) : !driver.fork(work);
        if (isDropped) {
            dropped.incrementAndGet();
        }
        return !isDropped;
    }

    private boolean isDroppedByPool(Runnable work) {
        Carried carried = carrier.wrap(work);
        pool.execute(carried);
        return carried.isDropped;
    }

    /** How many pieces of work were dropped so far. */
    public long dropped() {
        return dropped.get();
    }

    /** Whether no shadow work runs or waits, at this moment. */
    public boolean isIdle() {
        return pool.getActiveCount() == 0 && pool.getQueue().isEmpty();
    }

    /** How many pieces of work are waiting. */
    public int waiting() {
        return pool.getQueue().size();
    }

    /** Does a chore again and again, with a pause between the end of one and the beginning of the next; a failure is logged. */
    public AutoCloseable every(Duration pause, Runnable chore) {
        Waiting.Driver driver = Waiting.driver();
        if (driver != null) {
            return driver.chore(pause, true, chore);
        }
        var handle = timer.scheduleWithFixedDelay(
                () -> contained(chore), pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
        return () -> handle.cancel(false);
    }

    /** Does something once, after a delay; a failure is logged. Closing what is returned calls it off. */
    public AutoCloseable after(Duration delay, Runnable chore) {
        Waiting.Driver driver = Waiting.driver();
        if (driver != null) {
            return driver.chore(delay, false, chore);
        }
        var handle = timer.schedule(() -> contained(chore), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> handle.cancel(false);
    }

    /** Lets one more thread run in the place of one that hangs in work that was given up on; at most as many as there are threads. */
    public void standIn() {
        resizeForHung(1);
    }

    /** The work that was given up on has ended: its thread is back, and the one in its place goes. */
    public void standDown() {
        resizeForHung(-1);
    }

    private synchronized void resizeForHung(int more) {
        hung += more;
        int size = threads + Math.min(hung, threads);
        if (size > pool.getMaximumPoolSize()) {
            pool.setMaximumPoolSize(size);
            pool.setCorePoolSize(size);
        } else {
            pool.setCorePoolSize(size);
            pool.setMaximumPoolSize(size);
        }
    }

    private static void contained(Runnable chore) {
        try {
            chore.run();
        } catch (RuntimeException | Error failure) {
            LOG.warn("a regular chore failed, and will be done again at its next time", failure);
        }
    }

    /** Ends the threads: what waits is dropped, what runs is interrupted, and a few seconds are given to it to end. */
    @Override
    public void close() {
        timer.shutdownNow();
        pool.shutdownNow();
        try {
            if (!pool.awaitTermination(CLOSE.toMillis(), TimeUnit.MILLISECONDS)
                    || !timer.awaitTermination(CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("shadow work did not end within {} of being interrupted", CLOSE);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static ThreadFactory daemons(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Work on its way to the pool, which marks it where it is full: an exception would cost the caller microseconds. */
    private static final class Carried implements Runnable {
        private final Runnable work;
        private boolean isDropped;

        Carried(Runnable work) {
            this.work = work;
        }

        @Override
        public void run() {
            contained(work);
        }
    }

    /** Takes the MDC and the registered thread-locals from the caller to the worker. */
    private static final class ContextCarrier {
        private volatile ThreadLocal<?>[] locals = {};

        synchronized void add(ThreadLocal<?> local) {
            ThreadLocal<?>[] more = java.util.Arrays.copyOf(locals, locals.length + 1);
            more[locals.length] = local;
            locals = more;
        }

        Carried wrap(Runnable work) {
            @Nullable Map<String, String> mdc = MDC.getCopyOfContextMap();
            ThreadLocal<?>[] carried = locals;
            if ((mdc == null || mdc.isEmpty()) && carried.length == 0) {
                return new Carried(work);
            }
            Runnable inner = () -> contained(work);
            for (ThreadLocal<?> local : carried) {
                inner = bound(local, inner);
            }
            Runnable bound = inner;
            return new Carried(() -> {
                if (mdc != null) {
                    MDC.setContextMap(mdc);
                }
                try {
                    bound.run();
                } finally {
                    MDC.clear();
                }
            });
        }

        private static <T> Runnable bound(ThreadLocal<T> local, Runnable work) {
            T value = local.get();
            return () -> {
                local.set(value);
                try {
                    work.run();
                } finally {
                    local.remove();
                }
            };
        }
    }
}
