package dev.migrate.examples.users.run;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Takes a snapshot again and again, so that what was counted outlives a process that is killed. */
final class Snapshots implements AutoCloseable {

    private static final Duration INTERVAL = Duration.ofMillis(250);

    private final Runnable snapshot;
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final ScheduledFuture<?> taking;

    Snapshots(Runnable snapshot) {
        this.snapshot = snapshot;
        this.taking = timer.scheduleAtFixedRate(
                snapshot, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Takes the last one, after every other. */
    void finish() throws InterruptedException, ExecutionException {
        timer.shutdown();
        timer.awaitTermination(1, TimeUnit.MINUTES);
        if (!taking.isCancelled()) {
            taking.get();
        }
        snapshot.run();
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
