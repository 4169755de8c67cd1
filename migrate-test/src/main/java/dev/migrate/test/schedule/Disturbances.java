package dev.migrate.test.schedule;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/**
 * What goes wrong in one schedule: nodes that crash or pause at steps drawn beforehand, calls that fail or whose answer is lost, sides that are down for a
 * while.
 */
final class Disturbances {
    enum Fault {
        NONE,
        /** The call fails without effect. */
        FAILURE,
        /** The call has its effect, and then fails. */
        LOST
    }

    /** How much may go wrong. */
    record Limits(boolean crashes, boolean pauses, boolean failures, Duration longestPause) {
        static final Limits NONE = new Limits(false, false, false, Duration.ZERO);

        Limits withoutCrashes() {
            return new Limits(false, pauses, failures, longestPause);
        }
    }

    private static final int[] FAILURES_PER_MILLE = {0, 0, 5, 20, 60};
    private static final int MOST = 3;
    private static final int MOST_COMMITS = 8;
    private static final int LONGEST_OUTAGE = 150;

    private final SplittableRandom random;
    private final Limits limits;
    private final long firstStep;
    private final int expectedSteps;
    private final long[] crashes;
    private final int crashingCommit;
    private final long[] pauses;
    private final int failuresPerMille;
    private final String down;
    private final long downFrom;
    private final long downTo;
    private final LongConsumer crashed;
    private int commits;

    /**
     * @param firstStep when it begins
     * @param afterCrash told the step at which a node is about to crash
     */
    Disturbances(
            SplittableRandom random,
            Limits limits,
            List<String> sides,
            long firstStep,
            Turns.Pace pace,
            LongConsumer afterCrash) {
        boolean isBroad = !pace.crashesAtCommitsOnly();
        this.random = random;
        this.limits = limits;
        this.firstStep = firstStep;
        this.expectedSteps = pace.expectedSteps();
        this.crashed = afterCrash;
        this.crashes = limits.crashes() && isBroad ? steps(random.nextInt(MOST)) : new long[0];
        this.crashingCommit = limits.crashes() ? crashingCommit(isBroad) : 0;
        this.pauses = limits.pauses() && isBroad ? steps(random.nextInt(MOST)) : new long[0];
        this.failuresPerMille =
                limits.failures() && isBroad ? FAILURES_PER_MILLE[random.nextInt(FAILURES_PER_MILLE.length)] : 0;
        boolean hasOutage = limits.failures() && isBroad && random.nextInt(4) == 0;
        this.down = sides.get(random.nextInt(sides.size()));
        this.downFrom = hasOutage ? firstStep + random.nextInt(expectedSteps) : Long.MAX_VALUE;
        this.downTo = hasOutage ? downFrom + random.nextInt(LONGEST_OUTAGE) : Long.MAX_VALUE;
    }

    private int crashingCommit(boolean isBroad) {
        if (isBroad) {
            return random.nextInt(3) == 0 ? 1 + random.nextInt(MOST_COMMITS) : 0;
        }
        return 1 + random.nextInt(MOST_COMMITS / 2);
    }

    private long[] steps(int many) {
        return random.longs(many, firstStep, firstStep + expectedSteps).sorted().toArray();
    }

    /** A transaction of some node has committed; its caller does not know yet. */
    void committed(Interleaving run) {
        commits++;
        if (commits == crashingCommit) {
            crash(run, run.nodeAtWork());
        }
    }

    private void crash(Interleaving run, Interleaving.Node node) {
        crashed.accept(run.steps());
        node.crash();
    }

    void at(long step, Interleaving run) {
        if (isAmong(pauses, step)) {
            node(run)
                    .pause(Duration.ofNanos(
                            random.nextLong(limits.longestPause().toNanos())));
        }
        if (isAmong(crashes, step)) {
            crash(run, node(run));
        }
    }

    private static boolean isAmong(long[] steps, long step) {
        for (long each : steps) {
            if (each == step) {
                return true;
            }
        }
        return false;
    }

    private Interleaving.Node node(Interleaving run) {
        List<Interleaving.Node> alive =
                run.nodes().stream().filter(node -> !node.isCrashed()).toList();
        return alive.get(random.nextInt(alive.size()));
    }

    Fault of(String call, Interleaving run) {
        if (run.steps() >= downFrom && run.steps() < downTo && call.startsWith(down)) {
            return Fault.FAILURE;
        }
        if (failuresPerMille == 0 || random.nextInt(1_000) >= failuresPerMille) {
            return Fault.NONE;
        }
        return random.nextBoolean() ? Fault.FAILURE : Fault.LOST;
    }
}
