package dev.migrate.rollout;

import dev.migrate.Dial;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.MigrationThreads;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The only automatic hand: turns a migration or a flag from step to step, waits for gates, listens to guards, and turns back.
 *
 * <pre>{@code
 * Rollout rollout = Rollout.of(orders)
 *     .step(DUAL_WRITE).step(SHADOW).gate(backfill.done()).gate(reconciliation.clean())
 *     .step(SHADOW.plusPercent(5)).step(SHADOW.plusPercent(50)).step(LIVE)
 *     .guard(Guard.errorRate().notWorseThanLegacyBy(percent(1))).eachFor(Duration.ofHours(24)).build();
 * rollout.start();
 * }</pre>
 *
 * <p>A step is taken when the one before has been watched for {@code eachFor}, every guard says go on, and the gates before it are
 * open. Where a guard says roll back, the dial is turned back at once, and nothing goes forward until {@link #restart}; the guards
 * still listen, and turn back further. What is not known holds: a guard without calls, a gate or a guard that fails.
 *
 * <p>Progress is kept in the store: a restart resumes, and of several nodes that run the same rollout one acts at a time. Each node
 * judges by the calls that it has itself measured, from its own start on, and each may turn back. A rollout never takes the last
 * step of a migration, to TARGET_ONLY: there is no way back from it, so a person takes it.
 *
 * <p>Thread-safe. Closing it ends its thread and stops measuring; the dial stays where it is.
 */
public final class Rollout implements AutoCloseable {
    private final String name;
    private final Walk<?> walk;
    private final Duration lookEvery;
    private @Nullable MigrationThreads threads;
    private boolean isClosed;

    Rollout(String name, Walk<?> walk, Duration lookEvery) {
        this.name = name;
        this.walk = walk;
        this.lookEvery = lookEvery;
    }

    /** Begins to describe the rollout of a migration, whose store, time, operator and listeners it shares. */
    public static MigrationRolloutBuilder of(Migration migration) {
        return new MigrationRolloutBuilder(migration);
    }

    /** Begins to describe the rollout of a flag, or of a dial of one's own. */
    public static <P extends Comparable<? super P>> RolloutBuilder<P> of(Dial<P> dial) {
        return new RolloutBuilder<>(dial);
    }

    /** What a rollout is about. */
    public enum State {
        /** It has not looked yet. */
        NOT_BEGUN,
        /** It is on its way. */
        WALKING,
        /** It is turning the dial back, and tries again until it has. */
        TURNING_BACK,
        /** It was turned back, and waits for {@link Rollout#restart}. */
        TURNED_BACK,
        /** It has taken and watched its last step. */
        DONE
    }

    /**
     * How far a rollout has come.
     *
     * @param state what it is about
     * @param position where it has brought the dial, in the dial's text form; empty before it has begun
     * @param since when that was reached; empty before it has begun
     * @param what the reason for the last turn, for people
     */
    public record Status(State state, String position, Optional<Instant> since, String what) {}

    /** The name under which the store keeps its progress. */
    public String name() {
        return name;
    }

    /**
     * Takes one look, and the turn that follows from it: what {@link #start} does at intervals.
     *
     * @return go on or roll back where the dial was turned, hold where it was not, done after the last step
     * @throws MigrationException where the store cannot be reached
     */
    public synchronized Judgement look() {
        if (isClosed) {
            throw new MigrationException("rollout '" + name + "' is closed; build another one, which resumes");
        }
        return walk.look();
    }

    /** Looks at intervals from now on, on a thread of its own, so that a slow gate delays nothing else. Returns this. */
    public synchronized Rollout start() {
        if (isClosed || threads != null) {
            throw new MigrationException("rollout '" + name + "' is " + (isClosed ? "closed" : "started already")
                    + "; build another one to start again");
        }
        threads = MigrationThreads.of("rollout-" + name, 1, 1);
        threads.every(lookEvery, this::look);
        return this;
    }

    /** How far it has come, on whatever node; reads the store. */
    public Status status() {
        return walk.progress()
                .map(now -> new Status(
                        switch (now.phase()) {
                            case WATCHING, TURNING -> State.WALKING;
                            case TURNING_BACK -> State.TURNING_BACK;
                            case TURNED_BACK -> State.TURNED_BACK;
                            case DONE -> State.DONE;
                        },
                        now.at(),
                        Optional.of(now.since()),
                        now.what()))
                .orElse(new Status(State.NOT_BEGUN, "", Optional.empty(), ""));
    }

    /**
     * Begins anew from where the dial stands: after a rollback whose cause is mended, or after a person has moved the dial.
     *
     * @param why a reason that a reader of the audit trail will understand; not blank
     */
    public synchronized void restart(String why) {
        walk.restart(why);
    }

    @Override
    public void close() {
        MigrationThreads started;
        synchronized (this) {
            if (isClosed) {
                return;
            }
            isClosed = true;
            started = threads;
            walk.close();
        }
        if (started != null) {
            started.close();
        }
    }
}
