package dev.migrate.test.schedule;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The threads that actors live on, kept from one interleaving to the next; used by whoever has the turn, and by no other. */
final class Workers implements AutoCloseable {
    private final List<Worker> all = new ArrayList<>();
    private final Deque<Worker> idle = new ArrayDeque<>();

    /** A thread that can be told to go on, and waits until it is. */
    static class Baton {
        private final Thread thread;
        private volatile boolean mayGoOn;

        Baton(Thread thread) {
            this.thread = thread;
        }

        final void give() {
            mayGoOn = true;
            LockSupport.unpark(thread);
        }

        final void await() {
            while (!mayGoOn) {
                LockSupport.park(this);
            }
            mayGoOn = false;
        }

        final Thread thread() {
            return thread;
        }
    }

    /** A thread that lives one actor's life after another. */
    static final class Worker extends Baton {
        private @Nullable Runnable life;

        private Worker(Life life) {
            super(new Thread(life, "migrate-schedule"));
            life.worker = this;
            thread().setDaemon(true);
        }
    }

    private static final class Life implements Runnable {
        private @Nullable Worker worker;

        @Override
        public void run() {
            Worker self = Objects.requireNonNull(worker);
            self.await();
            for (Runnable life = self.life; life != null; life = self.life) {
                life.run();
                self.await();
            }
        }
    }

    /** A thread that will live a life once it is given the turn. */
    Worker take(Runnable life) {
        Worker worker = idle.poll();
        if (worker == null) {
            worker = new Worker(new Life());
            all.add(worker);
            worker.thread().start();
        }
        worker.life = life;
        return worker;
    }

    /** The life is over but for giving the turn on. */
    void giveBack(Worker worker) {
        idle.push(worker);
    }

    /** Ends the threads; no life may be left. */
    @Override
    public void close() {
        for (Worker worker : all) {
            worker.life = null;
            worker.give();
        }
        for (Worker worker : all) {
            try {
                worker.thread().join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
