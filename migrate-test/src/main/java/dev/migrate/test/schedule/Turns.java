package dev.migrate.test.schedule;

import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is next.
 *
 * <p>Half of the seeds walk at random, with more or less inclination to let an actor go on. The other half give each actor a priority and
 * let the highest go on, except at a few steps drawn beforehand, where the running one falls behind all others: a mistake that needs few
 * changes of turn at the right places is found that way (Burckhardt et al., A Randomized Scheduler with Probabilistic Guarantees of
 * Finding Bugs, ASPLOS 2010).
 */
final class Turns {
    /**
     * How turns are given.
     *
     * @param expectedSteps among how many steps those are drawn at which the running actor falls behind
     * @param isByPriority whether it is always by priority, and never at random
     * @param slowCommitsOneIn in how many of the seeds commits take their time: one in so many
     * @param crashesAtCommitsOnly whether all that goes wrong is a crash right after one of the first commits
     */
    record Pace(int expectedSteps, boolean isByPriority, int slowCommitsOneIn, boolean crashesAtCommitsOnly) {
        static final Pace USUAL = new Pace(400, false, 4, false);
    }

    private static final int[] INCLINATIONS = {0, 50, 80, 95};
    private static final int MOST_CHANGES = 6;
    private final SplittableRandom random;
    private final boolean hasPriorities;
    private final boolean commitsSlowly;
    private final int inclination;
    private final long[] changes;
    private double lowest;
    private long begun;

    Turns(SplittableRandom random, Pace pace) {
        this.random = random;
        this.hasPriorities = random.nextBoolean() || pace.isByPriority();
        this.commitsSlowly = random.nextInt(pace.slowCommitsOneIn()) == 0;
        this.inclination = INCLINATIONS[random.nextInt(INCLINATIONS.length)];
        this.changes = hasPriorities
                ? random.longs(1 + random.nextInt(MOST_CHANGES), 0, pace.expectedSteps())
                        .toArray()
                : new long[0];
    }

    /** The steps from here on are those among which some were drawn. */
    void begin(long step) {
        begun = step;
    }

    void welcome(Actor actor) {
        actor.priority = random.nextDouble();
    }

    /** Has waited in vain, and is to let all others go first. */
    void fallBehind(Actor actor) {
        lowest--;
        actor.priority = lowest;
    }

    /** Is about to commit, which may take so long that all others go first. */
    void commits(Actor actor) {
        if (commitsSlowly && random.nextBoolean()) {
            fallBehind(actor);
        }
    }

    /** One of those that are ready; null where none is. */
    @Nullable Actor next(@Nullable Actor running, List<Actor> ready, long step) {
        if (ready.isEmpty()) {
            return null;
        }
        return hasPriorities ? highest(running, ready, step) : atRandom(running, ready);
    }

    private Actor atRandom(@Nullable Actor running, List<Actor> ready) {
        return running != null && inclination > 0 && random.nextInt(100) < inclination && ready.contains(running)
                ? running
                : ready.get(ready.size() == 1 ? 0 : random.nextInt(ready.size()));
    }

    private Actor highest(@Nullable Actor running, List<Actor> ready, long step) {
        if (running != null) {
            for (long change : changes) {
                if (begun + change == step) {
                    fallBehind(running);
                }
            }
        }
        Actor highest = ready.get(0);
        for (Actor actor : ready) {
            if (actor.priority > highest.priority) {
                highest = actor;
            }
        }
        return highest;
    }
}
