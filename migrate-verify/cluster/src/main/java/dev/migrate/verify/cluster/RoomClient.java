package dev.migrate.verify.cluster;

import dev.migrate.LeaseExpiredException;
import dev.migrate.RefusedWriteException;
import dev.migrate.verify.cluster.Deed.Done;
import dev.migrate.verify.cluster.Deed.Kind;
import dev.migrate.verify.cluster.Deed.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does one deed after the other, at a bounded rate; half of the time with rooms of a small set that everybody wants. */
final class RoomClient implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(RoomClient.class);
    private static final long LONGEST_BACKLOG = TimeUnit.SECONDS.toNanos(1);
    private static final int TICKETS_AT_ONCE = 4;

    /** What an owing trigger says where the side is not authoritative. */
    static final String REFUSED = "MIG01";

    /** MariaDB: a lock was waited for in vain; a row has changed since the snapshot. */
    private static final Set<Integer> CONTENTION = Set.of(1205, 1020);

    private final String name;
    private final RoomWork work;
    private final RoomDeeds deeds;
    private final DeedFile history;
    private final int rooms;
    private final long pause;
    private final SplittableRandom random;
    private final List<Long> tickets = new ArrayList<>();
    private volatile boolean isStopped;

    RoomClient(RoomWork work, NodeSetup setup, String name) throws IOException {
        this.name = name;
        this.work = work;
        this.history = new DeedFile(setup.history(), name);
        this.rooms = setup.keys();
        this.pause = TimeUnit.SECONDS.toNanos(1) / setup.perSecond();
        this.random = new SplittableRandom(setup.seed() * 31 + name.hashCode());
        this.deeds = new RoomDeeds(work, name, random);
        LongStream.rangeClosed(1, RoomTables.TICKETS).forEach(tickets::add);
    }

    void stop() {
        isStopped = true;
    }

    @Override
    public void run() {
        long next = System.nanoTime();
        try (history) {
            while (!isStopped) {
                doOne();
                next = Math.max(next + pause, System.nanoTime() - LONGEST_BACKLOG);
                long wait = next - System.nanoTime();
                if (wait > 0) {
                    LockSupport.parkNanos(wait);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("the history of client " + name + " cannot be written", failure);
        }
    }

    private void doOne() throws IOException {
        long room = random.nextBoolean() ? random.nextInt(rooms) : random.nextInt(Math.max(1, rooms / 10));
        int dice = random.nextInt(100);
        if (dice < 20) {
            attempt(Kind.FURNISH, () -> deeds.furnish(room));
        } else if (dice < 40) {
            attempt(Kind.SWAP, () -> deeds.swap(room));
        } else if (dice < 54) {
            attempt(Kind.CIRCLE, () -> deeds.circle(room));
        } else if (dice < 68) {
            attempt(Kind.SWAP_IN_STEPS, () -> deeds.swapInSteps(room));
        } else if (dice < 73) {
            attempt(Kind.DROP, () -> deeds.drop(room));
        } else if (dice < 75) {
            attempt(Kind.DROP_MANY, () -> deeds.dropMany(room, rooms));
        } else if (dice < 80) {
            attempt(Kind.CLEAR, () -> deeds.clear(room));
        } else if (dice < 88) {
            attempt(Kind.PAINT, () -> deeds.paint(room));
        } else if (dice < 94) {
            book();
        } else {
            List<Long> some = someTickets();
            attempt(Kind.STAMP, some, () -> deeds.stamp(some));
        }
    }

    /** Of one side, as far as this node knows. */
    private List<Long> someTickets() {
        long first = tickets.get(random.nextInt(tickets.size()));
        List<Long> some = new ArrayList<>(List.of(first));
        for (int tried = 1; tried < TICKETS_AT_ONCE; tried++) {
            long other = tickets.get(random.nextInt(tickets.size()));
            if (!some.contains(other) && work.sideOf(other) == work.sideOf(first)) {
                some.add(other);
            }
        }
        return some;
    }

    private interface Attempt {
        Done make() throws Exception;
    }

    private void attempt(Kind kind, Attempt attempt) throws IOException {
        attempt(kind, List.of(), attempt);
    }

    private void attempt(Kind kind, List<Long> keys, Attempt attempt) throws IOException {
        history.begins(kind, keys);
        try {
            Done done = attempt.make();
            history.ends(done.rows() == 0 ? Outcome.IDLE : Outcome.DONE, keys, done);
        } catch (Exception | Error failure) {
            history.ends(outcomeOf(kind, failure), keys, Done.NOTHING);
        }
    }

    private void book() throws IOException {
        history.begins(Kind.BOOK, List.of());
        try {
            RoomDeeds.Booked booked = deeds.book();
            tickets.add(booked.number());
            history.ends(Outcome.DONE, List.of(booked.number()), new Done(1, 0, booked.refusals()));
        } catch (Exception | Error failure) {
            history.ends(outcomeOf(Kind.BOOK, failure), List.of(), Done.NOTHING);
        }
    }

    private Outcome outcomeOf(Kind kind, Throwable failure) {
        if (failure instanceof RefusedWriteException || failure instanceof LeaseExpiredException) {
            return Outcome.REFUSED;
        }
        Optional<Outcome> told = toldByDatabase(failure);
        if (told.isEmpty()) {
            LOG.warn("{} by client {} failed", kind, name, failure);
        }
        return told.orElse(Outcome.UNKNOWN);
    }

    /** What the database refuses, or breaks off because of another transaction, it takes back. */
    private static Optional<Outcome> toldByDatabase(Throwable failure) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (one instanceof SQLException sql && sql.getSQLState() != null) {
                String state = sql.getSQLState();
                if (state.equals(REFUSED)) {
                    return Optional.of(Outcome.REFUSED);
                }
                if (state.startsWith("40") || state.startsWith("23") || CONTENTION.contains(sql.getErrorCode())) {
                    return Optional.of(Outcome.IN_THE_WAY);
                }
            }
        }
        return Optional.empty();
    }
}
