package dev.migrate.verify.cluster;

import dev.migrate.Position;
import dev.migrate.Stage;
import dev.migrate.verify.cluster.NodeProcess.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Walks the ladder up and down: each step is told to a random node, and to another where it is refused or the node dies. */
final class Walk {
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(90);
    private static final Duration LONGEST_STEP = Duration.ofMinutes(3);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final List<Position> WAY = List.of(
            Position.of(Stage.SHADOW),
            Position.of(Stage.SHADOW, 250_000),
            Position.of(Stage.SHADOW, 600_000),
            Position.of(Stage.LIVE),
            Position.of(Stage.RAMP_DOWN),
            Position.of(Stage.LIVE),
            Position.of(Stage.SHADOW, 500_000),
            Position.of(Stage.SHADOW),
            Position.of(Stage.DUAL_WRITE));
    private final Cluster cluster;
    private final SplittableRandom random;
    private final List<String> refusals = new ArrayList<>();
    private int steps;
    private int walks;

    Walk(Cluster cluster, long seed) {
        this.cluster = cluster;
        this.random = new SplittableRandom(seed + 1);
    }

    void start() throws InterruptedException {
        untilDone("prepare");
        step(Position.of(Stage.DUAL_WRITE));
        untilDone("backfill");
    }

    private void untilDone(String command) throws InterruptedException {
        long deadline = System.nanoTime() + LONGEST_STEP.toNanos();
        for (Answer done = ask(command); !done.isOk(); done = ask(command)) {
            refusals.add(command + ": " + done.text());
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(
                        "'" + command + "' was not done within " + LONGEST_STEP + ": " + refusals);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Up to RAMP_DOWN and back to DUAL_WRITE. */
    void once() throws InterruptedException {
        for (Position to : WAY) {
            step(to);
        }
        walks++;
    }

    private Answer ask(String... words) throws InterruptedException {
        return cluster.any(random).ask(LONGEST_ANSWER, words);
    }

    private void step(Position to) throws InterruptedException {
        long deadline = System.nanoTime() + LONGEST_STEP.toNanos();
        while (System.nanoTime() - deadline < 0) {
            Answer at = ask("position");
            if (at.isOk() && at.text().equals(to.toString())) {
                steps++;
                return;
            }
            Answer answer = ask("step", to.toString(), "step " + steps + " of the walk");
            if (!answer.isOk()) {
                refusals.add(to + ": " + answer.text());
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        throw new IllegalStateException("the step to " + to + " was not made within " + LONGEST_STEP + ": " + refusals);
    }

    int steps() {
        return steps;
    }

    int walks() {
        return walks;
    }

    /** What was said to steps that were not made. */
    List<String> refusals() {
        return List.copyOf(refusals);
    }
}
