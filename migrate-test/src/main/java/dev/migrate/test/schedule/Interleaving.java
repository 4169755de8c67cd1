package dev.migrate.test.schedule;

import dev.migrate.MigrationException;
import dev.migrate.Records;
import dev.migrate.internal.Waiting;
import dev.migrate.test.schedule.Workers.Baton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Several threads of control of which one goes on at a time, in an order that a seed decides: the same seed, the same run.
 *
 * <p>Actors belong to nodes. Each lives on a thread of its own, and gives its turn to another at each call of what was put {@link #around}, at
 * each look at the time, and wherever the library pauses or waits for a lock. Time stands still but for a tick at each turn, and jumps where all
 * wait for it. Shadow work and chores of a {@link dev.migrate.Migration} that an actor builds become actors of its node; its {@code threads} are not
 * used. A node can be paused, for longer than any lease, and it can crash: its actors end where they stand, their transactions are rolled back, and
 * their locks given back.
 *
 * <p>What an actor calls must not block on its own account: a side that waits for a lock of its own would wait for ever. Used from the thread
 * that made it, and by its actors.
 *
 * <pre>{@code
 * try (Interleaving run = new Interleaving(seed)) {
 *     MigrationStore store = run.around(MigrationStore.class, "store", new InMemoryMigrationStore());
 *     run.node("a").actor("client", () -> { ... });
 *     run.node("b").actor("operator", () -> { ... });
 *     run.run();
 * }
 * }</pre>
 */
public final class Interleaving implements AutoCloseable {
    /** What an actor does. */
    @FunctionalInterface
    public interface Body {
        /** Does it; what it throws fails the run. */
        void run() throws Exception;
    }

    /** Thrown through an actor whose node has crashed; nothing that it still calls has an effect. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;

        Crash() {
            super("the node has crashed", null, false, false);
        }
    }

    private static final Instant BEGIN = Instant.parse("2030-01-01T00:00:00Z");
    private static final int MOST_STEPS = 100_000;

    /** A pause is longer than it was asked to be, lest a poll use up the steps. */
    private static final long SHORTEST_PAUSE = 10_000_000;

    private static final long[] TICKS = {1_000, 50_000, 1_000_000, 3_000_000};

    private final long seed;
    private final SplittableRandom dice;
    private final Turns turns;
    private final Workers workers;
    private final boolean ownsWorkers;
    private final @Nullable Trace trace;
    private final List<Actor> actors = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<Actor> ready = new ArrayList<>();
    private final Driver driver = new Driver();
    private final long tick;
    private final boolean takesTurnsAfterCalls;
    private @Nullable Disturbances disturbances;
    private Consumer<String> observer = call -> {};
    private @Nullable Actor current;
    private @Nullable Baton owner;
    private @Nullable Baton reaper;
    private @Nullable Throwable failure;
    private long now;
    private long steps;
    private long unlocks;
    private int atWork;

    /** An interleaving that keeps a trace. */
    public Interleaving(long seed) {
        this(seed, Turns.Pace.USUAL, new Workers(), true, true);
    }

    Interleaving(long seed, Turns.Pace pace, Workers workers, boolean isTraced) {
        this(seed, pace, workers, false, isTraced);
    }

    private Interleaving(long seed, Turns.Pace pace, Workers workers, boolean ownsWorkers, boolean isTraced) {
        this.seed = seed;
        this.workers = workers;
        this.ownsWorkers = ownsWorkers;
        SplittableRandom random = new SplittableRandom(seed);
        this.dice = random.split();
        this.turns = new Turns(random.split(), pace);
        this.tick = TICKS[random.nextInt(TICKS.length)];
        this.takesTurnsAfterCalls = random.nextBoolean();
        this.trace = isTraced ? new Trace() : null;
    }

    /** One process of the application, with its actors. */
    public final class Node {
        private final String name;
        private final List<Actor> own = new ArrayList<>();
        private @Nullable Chores chores;
        private long pausedUntil;
        private boolean isCrashed;
        private int forked;

        private Node(String name) {
            this.name = name;
        }

        /** The node's name, for the trace. */
        public String name() {
            return name;
        }

        /** Adds an actor, which begins once it is given the turn. Returns this. */
        public Node actor(String what, Body body) {
            begin(new Actor(this, what, body, false));
            return this;
        }

        /** Lets none of the node's actors go on before the time has passed. */
        public void pause(Duration time) {
            pausedUntil = Math.max(pausedUntil, now + time.toNanos());
            note(() -> name + " is paused for " + time.toMillis() + " ms");
        }

        /** Ends the node's actors where they stand; an actor that crashes its own node does not return. */
        public void crash() {
            note(() -> name + " crashes");
            isCrashed = true;
            Actor self = acting();
            for (Actor actor : List.copyOf(own)) {
                if (actor != self) {
                    reap(actor);
                }
            }
            if (self != null && self.node == this) {
                self.isCrashed = true;
                throw new Crash();
            }
        }

        /** Whether it has crashed. */
        public boolean isCrashed() {
            return isCrashed;
        }

        boolean isAwake(long at) {
            return pausedUntil <= at;
        }

        long awakeAt() {
            return pausedUntil;
        }

        private void begin(Actor actor) {
            if (isCrashed) {
                throw new MigrationException(name + " has crashed; actors can no longer be added to it");
            }
            own.add(actor);
            actors.add(actor);
            atWork += actor.isDaemon ? 0 : 1;
            turns.welcome(actor);
        }

        private Chores chores() {
            Chores known = chores;
            if (known == null) {
                known = new Chores(Interleaving.this);
                chores = known;
                Actor timer = new Actor(this, "timer", known, true);
                known.runBy(timer);
                begin(timer);
            }
            return known;
        }
    }

    /** A node without actors. */
    public Node node(String name) {
        Node node = new Node(name);
        nodes.add(node);
        return node;
    }

    /** The wall clock of what runs here. Looking at it is a turn. */
    public InstantSource time() {
        return () -> {
            turn();
            return instant();
        };
    }

    /** The wall clock for what may hold a lock while it looks at it: no turn. */
    InstantSource quietTime() {
        return this::instant;
    }

    private Instant instant() {
        return BEGIN.plusNanos(now);
    }

    /** The monotonic time in nanoseconds of what runs here. Looking at it is a turn. */
    public long nanoTime() {
        turn();
        return now;
    }

    long quietNanoTime() {
        return now;
    }

    /**
     * An object of which each call is a turn of the calling actor, and comes into the trace. What it returns that belongs to a side, such as its books,
     * is put into the same order.
     *
     * @param type an interface
     * @param name for the trace
     */
    public <T> T around(Class<T> type, String name, T inner) {
        return type.cast(SpiCalls.around(this, name, inner));
    }

    /** Records of which each call is a turn; they stay of the kind that they are. */
    @SuppressWarnings("unchecked") // the proxy has the interfaces of the records
    public <K, V> Records<K, V> around(String name, Records<K, V> inner) {
        return (Records<K, V>) SpiCalls.around(this, name, inner);
    }

    /** A number from 0 to below a bound, drawn from the seed. */
    public long random(long bound) {
        return dice.nextLong(bound);
    }

    /** How many turns there were. */
    public long steps() {
        return steps;
    }

    /** What happened, line by line: step, time, actor, call and answer. */
    public List<String> trace() {
        return trace == null ? List.of() : trace.lines();
    }

    /**
     * Lets the actors go on until all have ended; may be called again with further ones.
     *
     * @throws AssertionError where an actor has failed or none could go on; it names the seed and has the trace
     */
    public void run() {
        Throwable failed = runQuietly();
        if (failed != null) {
            throw new AssertionError(
                    "seed " + seed + ": " + failed.getMessage() + "\n" + String.join("\n", trace()), failed);
        }
    }

    /** Lets the actors go on, and returns what has failed. */
    @Nullable Throwable runQuietly() {
        Baton here = new Baton(Thread.currentThread());
        owner = here;
        Actor first = atWork == 0 ? null : choose(null);
        if (first != null) {
            give(first);
            here.await();
        }
        return failure;
    }

    /** Work that nobody waits for: its failure is noted, as a log would have it. */
    void contained(Runnable work) {
        try {
            work.run();
        } catch (Crash crash) {
            throw crash;
        } catch (RuntimeException | Error failure) {
            note(() -> "fails with " + failure);
        }
    }

    /** From here on things happen at steps that were drawn beforehand. */
    void disturbedBy(Disturbances by) {
        disturbances = by;
        turns.begin(steps);
    }

    /** Nothing goes wrong any more. */
    void undisturbed() {
        disturbances = null;
    }

    /** Tells somebody of every call, by side and method, once it has had its effect; what is thrown then fails the run. */
    void observedBy(Consumer<String> by) {
        observer = by;
    }

    void observe(String call) {
        try {
            observer.accept(call);
        } catch (AssertionError violated) {
            throw abort(violated);
        }
    }

    List<Node> nodes() {
        return nodes;
    }

    void note(Supplier<String> what) {
        if (trace != null) {
            trace.add(steps, now, current, what.get());
        }
    }

    boolean isTraced() {
        return trace != null;
    }

    Disturbances.Fault faultOf(String call) {
        return disturbances == null ? Disturbances.Fault.NONE : disturbances.of(call, this);
    }

    /** The actor on whose thread this is called; null on any other thread. */
    @Nullable Actor acting() {
        Actor actor = current;
        return actor != null
                        && actor.hasBegun()
                        && Thread.currentThread().equals(actor.worker().thread())
                ? actor
                : null;
    }

    /** The running actor gives others the chance to go on first. Nothing happens on a thread that is not an actor's. */
    void turn() {
        Actor self = acting();
        if (self == null) {
            return;
        }
        if (self.isCrashed) {
            throw new Crash();
        }
        steps++;
        now += tick;
        if (steps > MOST_STEPS) {
            throw abort(new AssertionError("no end after " + MOST_STEPS + " steps"));
        }
        if (disturbances != null) {
            disturbances.at(steps, this);
        }
        Actor next = choose(self);
        if (next == null) {
            throw abort(new AssertionError("all actors wait for each other: " + actors));
        }
        if (next != self) {
            give(next);
            self.worker().await();
        }
        if (self.isCrashed) {
            throw new Crash();
        }
        self.state = Actor.State.READY;
    }

    /** A turn before a transaction commits. */
    void turnBeforeCommit() {
        Actor self = acting();
        if (self != null) {
            turns.commits(self);
        }
        turn();
    }

    /** A transaction has committed, and its caller does not know yet. */
    void committed() {
        if (disturbances != null) {
            disturbances.committed(this);
        }
    }

    /** The node of the running actor. */
    Node nodeAtWork() {
        return Objects.requireNonNull(acting()).node;
    }

    /** The running actor lets all others go first, and does not go on before a time. */
    void sleep(Actor self, long until) {
        self.state = Actor.State.ASLEEP;
        self.wakeAt = until;
        turns.fallBehind(self);
        turn();
    }

    /** A turn between a call's effect and what its caller makes of it, in half of the seeds. */
    void turnAfterCall() {
        if (takesTurnsAfterCalls) {
            turn();
        }
    }

    /** One of those that are ready, after a jump in time where none is; null where none ever will be. */
    private @Nullable Actor choose(@Nullable Actor running) {
        while (true) {
            ready.clear();
            long next = Long.MAX_VALUE;
            for (Actor actor : actors) {
                if (actor.isReady(now, unlocks)) {
                    ready.add(actor);
                } else {
                    next = Math.min(next, actor.goesOnAt(unlocks));
                }
            }
            if (!ready.isEmpty() || next == Long.MAX_VALUE) {
                return turns.next(running, ready, steps);
            }
            now = next;
        }
    }

    private void give(Actor next) {
        current = next;
        if (!next.hasBegun()) {
            next.begin(workers.take(() -> live(next)));
        }
        next.worker().give();
    }

    private void live(Actor actor) {
        Waiting.drive(driver);
        try {
            actor.body.run();
        } catch (Crash crash) {
            // It has been heard of for the last time.
        } catch (Throwable thrown) {
            if (!actor.isCrashed) {
                fail(new AssertionError(actor + " failed: " + thrown, thrown));
            }
        } finally {
            Waiting.drive(null);
        }
        end(actor);
    }

    private void end(Actor actor) {
        forget(actor);
        Baton here = actor.worker();
        workers.giveBack(actor.worker());
        Baton waiting = reaper;
        if (waiting != null) {
            reaper = null;
            waiting.give();
            return;
        }
        Actor next = atWork == 0 || failure != null ? null : choose(null);
        if (next != null) {
            give(next);
            return;
        }
        if (atWork > 0) {
            fail(new AssertionError("all actors wait for each other: " + actors));
            reapAll(here);
        }
        current = null;
        Objects.requireNonNull(owner).give();
    }

    private void forget(Actor actor) {
        actor.state = Actor.State.DONE;
        actors.remove(actor);
        actor.node.own.remove(actor);
        atWork -= actor.isDaemon ? 0 : 1;
    }

    private void fail(Throwable why) {
        if (failure == null) {
            failure = why;
            note(() -> "FAILED: " + why.getMessage());
        }
    }

    /** Ends the run from within an actor. */
    private Crash abort(AssertionError why) {
        fail(why);
        Actor self = Objects.requireNonNull(acting());
        self.isCrashed = true;
        return new Crash();
    }

    private void reapAll(Baton here) {
        for (Actor actor : List.copyOf(actors)) {
            reap(actor, here);
        }
    }

    private void reap(Actor actor) {
        Actor self = acting();
        reap(actor, self == null ? new Baton(Thread.currentThread()) : self.worker());
    }

    /** Lets an actor end where it stands, and waits for it. */
    private void reap(Actor actor, Baton here) {
        actor.isCrashed = true;
        if (!actor.hasBegun()) {
            forget(actor);
            return;
        }
        Actor self = current;
        reaper = here;
        current = actor;
        actor.worker().give();
        here.await();
        current = self;
    }

    /** Ends what has not ended. */
    @Override
    public void close() {
        reapAll(new Baton(Thread.currentThread()));
        if (ownsWorkers) {
            workers.close();
        }
    }

    @Override
    public String toString() {
        return "Interleaving[seed " + seed + ", " + steps + " steps]";
    }

    /** Stands in for the JDK on the threads of actors. */
    private final class Driver implements Waiting.Driver {
        private Actor self() {
            return Objects.requireNonNull(acting(), "only the actor that has the turn may go on");
        }

        @Override
        public void pause(long nanos) {
            if (nanos == 0) {
                turn();
            } else {
                sleep(self(), now + Math.max(SHORTEST_PAUSE, nanos));
            }
        }

        @Override
        public void lock(Lock lock) {
            Actor self = self();
            while (!lock.tryLock()) {
                self.state = Actor.State.BLOCKED;
                self.unlocksSeen = unlocks;
                turn();
            }
        }

        @Override
        public void unlocked() {
            unlocks++;
        }

        @Override
        public long random(long bound) {
            return dice.nextLong(bound);
        }

        @Override
        public boolean fork(Runnable work) {
            Actor self = self();
            if (self.isCrashed || faultOf("fork") != Disturbances.Fault.NONE) {
                return false;
            }
            Node node = self.node;
            node.forked++;
            node.begin(new Actor(node, "shadow-" + node.forked, () -> contained(work), false));
            return true;
        }

        @Override
        public AutoCloseable chore(Duration delay, boolean again, Runnable chore) {
            Actor self = self();
            return self.isCrashed ? () -> {} : self.node.chores().add(delay, again, chore);
        }
    }
}
