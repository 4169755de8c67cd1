package dev.migrate.test;

import static dev.migrate.Setting.Kind.FLAG;

import dev.migrate.MigrationStore;
import dev.migrate.Setting;
import dev.migrate.StaleChangeException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Eight threads that change one setting at the same moment, half of them by each of two stores over the same data. */
final class StoreRace implements AutoCloseable {
    private static final int THREADS = 8;

    private final MigrationStore first;
    private final MigrationStore second;
    private final String name;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final CyclicBarrier start = new CyclicBarrier(THREADS);
    private final Deque<String> winners = new ArrayDeque<>();

    StoreRace(MigrationStore first, MigrationStore second, String name) {
        this.first = first;
        this.second = second;
        this.name = name;
    }

    /** Has all threads change the setting from one version; fails unless one of them alone succeeds and all others are told. */
    Setting winnerOf(long version) throws Exception {
        List<Future<Optional<Setting>>> attempts = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            MigrationStore store = thread % 2 == 0 ? first : second;
            String value = "by thread " + thread + " from version " + version;
            attempts.add(threads.submit(() -> {
                start.await();
                return attempt(store, version, value);
            }));
        }
        List<Setting> won = new ArrayList<>();
        for (Future<Optional<Setting>> attempt : attempts) {
            attempt.get().ifPresent(won::add);
        }
        if (won.size() != 1) {
            throw new AssertionError(
                    "exactly one change from version " + version + " must succeed, but these did: " + won);
        }
        winners.addFirst(won.get(0).value());
        return won.get(0);
    }

    private Optional<Setting> attempt(MigrationStore store, long version, String value) {
        try {
            return Optional.of(store.change(FLAG, name, version, value, "ada", "race"));
        } catch (StaleChangeException lost) {
            return Optional.empty();
        }
    }

    List<String> winnersNewestFirst() {
        return List.copyOf(winners);
    }

    /** Makes a number of changes, from version 0 on, on another thread, and repeats a check on this one meanwhile. */
    void whileChanging(int changes, Runnable check) throws Exception {
        Future<?> writer = threads.submit(() -> {
            for (int version = 0; version < changes; version++) {
                first.change(FLAG, name, version, "v" + version, "ada", "race");
            }
        });
        do {
            check.run();
        } while (!writer.isDone());
        try {
            writer.get();
        } catch (ExecutionException failure) {
            throw new AssertionError("a change without a rival failed", failure.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
