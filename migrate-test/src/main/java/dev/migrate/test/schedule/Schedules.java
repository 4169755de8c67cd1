package dev.migrate.test.schedule;

import dev.migrate.MigrationException;
import dev.migrate.MigrationThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a migration over two sides through many schedules: nodes with clients, workers, operators, backfills and repairs, step by step in orders that seeds
 * decide, while nodes crash and pause, sides are down, and answers are lost.
 *
 * <p>After each schedule all is brought to rest, and then: both sides hold the same, nothing is owed, every acknowledged write is there or was
 * overwritten by a later one, and the history of every key is that of a single register. At no step do two sides take writes of the same key.
 *
 * <pre>{@code
 * Schedules.over(ScheduledSides.transactional()).nodes(3).seeds(1, 10_000).run().orElseThrow();
 * }</pre>
 */
public final class Schedules {
    private static final int KEPT_FAILURES = 3;

    record Options(
            ScheduledSides sides,
            int nodes,
            int operations,
            Disturbances.Limits limits,
            Supplier<? extends Between> between) {
        /** Whether backfill and reconciliation know the sides. */
        boolean hasTables() {
            return sides instanceof TransactionalSides;
        }
    }

    private final Options options;
    private final long firstSeed;
    private final long many;

    private Schedules(Options options, long firstSeed, long many) {
        this.options = options;
        this.firstSeed = firstSeed;
        this.many = many;
    }

    /** Schedules over sides: up to three nodes, the first thousand seeds. */
    public static Schedules over(ScheduledSides sides) {
        Disturbances.Limits all = new Disturbances.Limits(true, true, true, Duration.ofSeconds(3));
        return new Schedules(new Options(sides, 3, 4, all, () -> Between.NOTHING), 1, 1_000);
    }

    /** How many nodes begin at most; 1 to 5. */
    public Schedules nodes(int most) {
        return with(new Options(
                options.sides(), between("nodes", most, 5), options.operations(), options.limits(), options.between()));
    }

    /** How many operations each client makes; 1 to 100. Default: 4. */
    public Schedules operations(int each) {
        return with(new Options(
                options.sides(),
                options.nodes(),
                between("operations", each, 100),
                options.limits(),
                options.between()));
    }

    /**
     * What may go wrong. Default: everything.
     *
     * @param crashes nodes crash
     * @param longestPause nodes pause for up to so long; zero for never
     * @param failures calls fail, and answers are lost
     */
    public Schedules disturbances(boolean crashes, Duration longestPause, boolean failures) {
        Disturbances.Limits limits = new Disturbances.Limits(crashes, !longestPause.isZero(), failures, longestPause);
        return with(new Options(options.sides(), options.nodes(), options.operations(), limits, options.between()));
    }

    /** With something between the sides and the nodes, made afresh for each schedule. */
    Schedules between(Supplier<? extends Between> between) {
        return with(new Options(options.sides(), options.nodes(), options.operations(), options.limits(), between));
    }

    /** The seeds to run: one schedule each. */
    public Schedules seeds(long first, long many) {
        return new Schedules(options, first, many);
    }

    private Schedules with(Options changed) {
        return new Schedules(changed, firstSeed, many);
    }

    private static int between(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw new MigrationException(option + " must be between 1 and " + most + ", but was " + value);
        }
        return value;
    }

    /** Runs all schedules, on as many threads as there are processors. */
    public ScheduleReport run() {
        return run(Long.MAX_VALUE);
    }

    /** Runs schedules in the order of their seeds until one breaks a promise; all where none does. */
    public ScheduleReport runToFirstViolation() {
        return run(1);
    }

    private ScheduleReport run(long mostViolations) {
        long begun = System.nanoTime();
        Progress progress = new Progress();
        try (MigrationThreads threads = MigrationThreads.of("schedules", 1, 1)) {
            List<Thread> lanes = new ArrayList<>();
            for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                Thread lane = new Thread(() -> runLane(progress, mostViolations, threads), "migrate-schedules-" + i);
                lanes.add(lane);
                lane.start();
            }
            for (Thread lane : lanes) {
                join(lane);
            }
            if (progress.broken != null) {
                throw new MigrationException("a schedule could not be run", progress.broken);
            }
            List<ScheduleReport.Failure> failures = progress.failed.stream()
                    .sorted(Comparator.naturalOrder())
                    .limit(KEPT_FAILURES)
                    .map(seed -> replay(seed, threads))
                    .toList();
            return new ScheduleReport(
                    firstSeed,
                    progress.run.get(),
                    progress.steps.get(),
                    progress.failed.size(),
                    failures,
                    Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    private static final class Progress {
        private final AtomicLong next = new AtomicLong();
        private final AtomicLong run = new AtomicLong();
        private final AtomicLong steps = new AtomicLong();
        private final ConcurrentLinkedQueue<Long> failed = new ConcurrentLinkedQueue<>();
        private volatile @Nullable Throwable broken;
    }

    private static void join(Thread lane) {
        try {
            lane.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new MigrationException("interrupted while schedules were run", interrupted);
        }
    }

    private void runLane(Progress progress, long mostViolations, MigrationThreads threads) {
        try (Workers workers = new Workers()) {
            while (progress.failed.size() < mostViolations && progress.broken == null) {
                long index = progress.next.getAndIncrement();
                if (index >= many) {
                    return;
                }
                try (Schedule schedule = new Schedule(firstSeed + index, options, workers, threads, false)) {
                    if (schedule.go() != null) {
                        progress.failed.add(firstSeed + index);
                    }
                    progress.steps.addAndGet(schedule.steps());
                    progress.run.incrementAndGet();
                }
            }
        } catch (Throwable broken) {
            progress.broken = broken;
        }
    }

    private ScheduleReport.Failure replay(long seed, MigrationThreads threads) {
        try (Workers workers = new Workers();
                Schedule schedule = new Schedule(seed, options, workers, threads, true)) {
            String what = Objects.requireNonNullElse(
                    schedule.go(),
                    "the run under this seed was not the same again: something in the sides is not deterministic");
            return new ScheduleReport.Failure(seed, what, schedule.trace());
        }
    }
}
