package dev.migrate.reconcile;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.PassEnded;
import dev.migrate.MigrationEvent.PassResult;
import dev.migrate.MigrationException;
import dev.migrate.internal.Waiting;
import dev.migrate.internal.option.Bounds;
import dev.migrate.reconcile.PassTurns.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes passes again and again: a quick one every quarter of an hour, a thorough one every night, the business rules every hour. Each is made
 * by one node at a time.
 *
 * <p>When a pass was last begun, and by whom it is being made, is kept in the migration's store. Whoever makes it holds a lease, which is
 * renewed as long as it takes; where a node dies, another makes the pass again once the lease has run out. A node that was taken for dead,
 * because it could not renew in time, may make a pass beside another for a while: passes only read. What each came to is told as {@link
 * PassEnded}, on the node that made it, and is in the audit trail.
 *
 * <pre>{@code
 * PassSchedule passes = PassSchedule.of(orders)
 *         .pass("thorough", Duration.ofHours(24), () -> PassSchedule.Came.of(reconciliation.run().isClean(), "see the report"))
 *         .build();
 * passes.start();
 * ...
 * passes.close();
 * }</pre>
 *
 * <p>Passes are made one after the other on a thread of its own, from {@link #start} until {@link #close}. What is due is told by the migration's
 * clock; the clocks of nodes must agree to within a small part of the lease. Thread-safe.
 */
public final class PassSchedule implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PassSchedule.class);
    private static final Duration LOOKS_EVERY = Duration.ofSeconds(1);

    /** A pass: it reads and compares, and says what it came to. */
    @FunctionalInterface
    public interface Pass {
        /** Makes it, on the schedule's thread; interrupted where the schedule is closed. */
        Came run() throws Exception;
    }

    /**
     * What a pass came to.
     *
     * @param isClean whether nothing was found
     * @param what for people; no value of a row
     */
    public record Came(boolean isClean, String what) {
        /** What a pass came to. */
        public static Came of(boolean isClean, String what) {
            return new Came(isClean, what);
        }
    }

    record Planned(String name, Duration every, Pass pass) {}

    private final Migration migration;
    private final List<Planned> planned;
    private final PassTurns turns;
    private final Duration lease;
    private @Nullable Thread thread;
    private boolean isClosed;

    private PassSchedule(Builder options) {
        this.migration = options.migration;
        this.planned = List.copyOf(options.planned);
        this.lease = options.lease;
        this.turns = new PassTurns(migration, lease);
    }

    /** Begins to describe a schedule. */
    public static Builder of(Migration migration) {
        return new Builder(migration);
    }

    /**
     * Begins to make what is due.
     *
     * @throws MigrationException where it was started or closed before
     */
    public synchronized void start() {
        if (thread != null || isClosed) {
            throw new MigrationException(
                    "the schedule of migration '" + migration.name() + "' can be started once; build another one");
        }
        Thread begun = new Thread(this::loop, "migrate-" + migration.name() + "-passes");
        begun.setDaemon(true);
        thread = begun;
        begun.start();
    }

    private void loop() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                runDue();
            } catch (RuntimeException failure) {
                LOG.warn(
                        "the schedule of migration '{}' could not ask the store what is due",
                        migration.name(),
                        failure);
            }
            Waiting.pause(LOOKS_EVERY.toNanos());
        }
    }

    /** Makes what is due now and nobody else makes; returns how many passes that were. */
    int runDue() {
        int made = 0;
        for (Planned one : planned) {
            if (Thread.currentThread().isInterrupted()) {
                return made;
            }
            Optional<Turn> turn = turns.take(one.name(), one.every());
            if (turn.isPresent()) {
                run(one, turn.get());
                made++;
            }
        }
        return made;
    }

    private void run(Planned one, Turn turn) {
        long begun = migration.nanoTime();
        PassResult result = PassResult.FAILED;
        String what = "";
        try {
            Came came = renewing(one, turn);
            result = came.isClean() ? PassResult.CLEAN : PassResult.NOT_CLEAN;
            what = came.what();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            what = "interrupted";
        } catch (Exception failure) {
            LOG.warn("pass '{}' of migration '{}' failed", one.name(), migration.name(), failure);
            what = failure.getClass().getName();
        }
        end(
                turn,
                new PassEnded(
                        migration.name(), one.name(), result, what, Duration.ofNanos(migration.nanoTime() - begun)));
    }

    private Came renewing(Planned one, Turn turn) throws Exception {
        AutoCloseable renewing = migration.threads().every(lease.dividedBy(3), () -> turns.renew(turn));
        try {
            return one.pass().run();
        } finally {
            renewing.close();
        }
    }

    /** Also on an interrupted thread, which a database's driver might refuse to work on. */
    private void end(Turn turn, PassEnded ended) {
        boolean wasInterrupted = Thread.interrupted();
        try {
            migration.publish(ended);
            turns.give(turn, ended.result(), ended.what());
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Ends the thread, and waits until a pass that it is making has been interrupted; does nothing where it was closed before. */
    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            isClosed = true;
            running = thread;
        }
        if (running != null && !running.equals(Thread.currentThread())) {
            running.interrupt();
            try {
                running.join(TimeUnit.MINUTES.toMillis(1));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public String toString() {
        return "PassSchedule[" + migration.name() + ": "
                + planned.stream().map(Planned::name).toList() + "]";
    }

    /** Describes a schedule; not thread-safe. */
    public static final class Builder {
        private static final Duration SHORTEST = Duration.ofSeconds(3);
        private final Migration migration;
        private final List<Planned> planned = new ArrayList<>();
        private Duration lease = Duration.ofMinutes(1);

        private Builder(Migration migration) {
            this.migration = migration;
        }

        /**
         * A pass; at least one is required, and no two of one name.
         *
         * @param name 1 to 60 letters, digits, dots, dashes and underscores; the same on every node
         * @param every how long after the beginning of one the next is due; positive
         */
        public Builder pass(String name, Duration every, Pass pass) {
            if (!name.matches("[A-Za-z0-9._-]{1,60}")
                    || planned.stream().anyMatch(other -> other.name().equals(name))) {
                throw new MigrationException("the name of a pass must be 1 to 60 letters, digits, dots, dashes and"
                        + " underscores, and of no other pass, but was '" + name + "'");
            }
            planned.add(new Planned(name, Bounds.positive("every of pass '" + name + "'", every), pass));
            return this;
        }

        /** How long a node that has stopped renewing is waited for before another makes its pass: three seconds or more. Default: a minute. */
        public Builder lease(Duration lease) {
            this.lease = Bounds.atLeast("lease", lease, SHORTEST);
            return this;
        }

        /**
         * Makes the schedule; nothing is begun yet.
         *
         * @throws MigrationException where no pass is named
         */
        public PassSchedule build() {
            if (planned.isEmpty()) {
                throw new MigrationException("the schedule of migration '" + migration.name()
                        + "' must have one or more passes, but has none; add one with pass(..)");
            }
            return new PassSchedule(this);
        }
    }
}
