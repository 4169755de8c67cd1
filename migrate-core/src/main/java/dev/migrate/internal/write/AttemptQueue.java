package dev.migrate.internal.write;

import dev.migrate.Migration;
import dev.migrate.Side;
import dev.migrate.side.SideBooks;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The keys that await their attempt right after a commit, and the one piece of shadow work that makes them.
 *
 * <p>A writer that finds the work running only adds its key. What does not fit is left to the worker: it stands in the journal.
 */
final class AttemptQueue {
    private static final int LIMIT = 1_000;

    private record Attempt(Side from, SideBooks.Key key) {}

    private final Migration migration;
    private final CopyWorker<?> worker;
    private final Queue<Attempt> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicBoolean isRunning = new AtomicBoolean();

    AttemptQueue(Migration migration, CopyWorker<?> worker) {
        this.migration = migration;
        this.worker = worker;
    }

    void add(Side from, String key, int segment) {
        if (size.get() >= LIMIT) {
            return;
        }
        size.incrementAndGet();
        waiting.add(new Attempt(from, new SideBooks.Key(key, segment)));
        start();
    }

    private void start() {
        if (isRunning.compareAndSet(false, true) && !migration.offerToShadow(this::run)) {
            isRunning.set(false);
            forget();
        }
    }

    private void run() {
        try {
            Attempt next = waiting.poll();
            while (next != null) {
                Side from = next.from();
                List<SideBooks.Key> keys = new ArrayList<>();
                do {
                    size.decrementAndGet();
                    keys.add(next.key());
                    next = waiting.poll();
                } while (next != null && next.from() == from && keys.size() < worker.batchSize.now());
                worker.attempt(from, keys);
            }
        } finally {
            isRunning.set(false);
        }
        if (!waiting.isEmpty()) {
            start();
        }
    }

    private void forget() {
        while (waiting.poll() != null) {
            size.decrementAndGet();
        }
    }
}
