package dev.migrate.reconcile;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a thread beside the caller's makes one by one, a few ahead of the caller. Used by one thread, which closes it: nothing that was begun
 * outlives it, so that whoever has called can close the tables.
 */
final class Ahead<T> implements AutoCloseable {
    private static final long LONGEST_STATEMENT_SECONDS = 60;
    private final Callable<@Nullable T> making;
    private final ExecutorService beside;
    private final Deque<Future<@Nullable T>> asked = new ArrayDeque<>();

    /**
     * Begins.
     *
     * @param thread the thread's name
     * @param most how many are made, or being made, before they are taken
     * @param making called by that thread alone; gives null where there is none any more
     */
    Ahead(String thread, int most, Callable<@Nullable T> making) {
        this.making = making;
        this.beside = Executors.newSingleThreadExecutor(work -> {
            Thread made = new Thread(work, thread);
            made.setDaemon(true);
            return made;
        });
        for (int ahead = 0; ahead < most; ahead++) {
            asked.add(beside.submit(making));
        }
    }

    /** The next, when it is there; null where there is none any more. Throws what making it threw. */
    @Nullable T next() throws Exception {
        @Nullable T next = answer(asked.remove());
        asked.add(beside.submit(making));
        return next;
    }

    /** Has that thread make something else, behind what it is making ahead. */
    <R> Future<R> ask(Callable<R> other) {
        return beside.submit(other);
    }

    /** What was asked for, when it is there. Throws what making it threw. */
    static <R extends @Nullable Object> R answer(Future<R> asked) throws Exception {
        try {
            return asked.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw failed;
        }
    }

    @Override
    public void close() {
        beside.shutdownNow();
        try {
            beside.awaitTermination(LONGEST_STATEMENT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
