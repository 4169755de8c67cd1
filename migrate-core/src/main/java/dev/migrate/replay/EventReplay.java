package dev.migrate.replay;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.internal.call.Thrown;
import dev.migrate.internal.write.KeyedWrites;
import dev.migrate.internal.write.TwoSides;
import dev.migrate.side.Debt;
import dev.migrate.side.Owed;
import dev.migrate.side.SegmentRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Logs events on the side that is authoritative for their aggregate, and delivers them to the other side: for what is done rather than stored, and so
 * cannot be read by key.
 *
 * <p>An event is logged in the transaction of what it tells of, and only where the side may be written at that moment. It is delivered right after the
 * commit by another thread, and again from the log until it has arrived: the events of one aggregate strictly in order, each at least once and under
 * one operation id for ever, and none before the one before it has arrived or was dismissed. Aggregates do not wait for each other. One that fails is
 * tried ever more rarely, and parked in the end. What a receiver writes in its own side's transaction is done exactly once; see {@link EventReceiver}.
 *
 * <p>On LEGACY_ONLY events are logged and kept; their delivery begins with DUAL_WRITE. On TARGET_ONLY there is nobody to receive them, and none is
 * logged. A handover waits until the events of its range have arrived.
 *
 * <p>Events that have arrived are kept, so that they can be {@link #replayFrom replayed}, until somebody has them {@link #forget forgotten}. Receivers run on
 * threads of the migration's. Thread-safe. Close it to stop its worker; it does not close the migration or the sides.
 *
 * @param <K> the key of an aggregate
 */
public final class EventReplay<K> implements AutoCloseable {
    private static final int PAGE = 500;

    private final Migration migration;
    private final String records;
    private final TwoSides<EventLog> logs;
    private final KeyedWrites<K> writes;
    private final ReplaySteps steps;
    private final EventDecisions decisions;
    private final AutoCloseable replaying;
    private final AtomicBoolean isReplaying = new AtomicBoolean();

    EventReplay(EventReplayBuilder<K> options, TwoSides<EventLog> logs, KeyedWrites<K> writes) {
        this.migration = options.migration;
        this.records = options.records;
        this.logs = logs;
        this.writes = writes;
        this.steps = new ReplaySteps(records, logs);
        this.decisions = new EventDecisions(migration, records, logs);
        migration.attach(steps);
        this.replaying = migration.threads().every(options.repairEvery, this::replayInShadow);
    }

    /** Begins to describe a replay. */
    public static Start of(Migration migration) {
        return new Start(migration);
    }

    /** The beginning of a description, before the type of the key is known. */
    public static final class Start {
        private final Migration migration;

        private Start(Migration migration) {
            this.migration = migration;
        }

        /**
         * The legacy side.
         *
         * @param logs where it logs its events
         * @param receiver what takes the target's events, on LIVE and RAMP_DOWN
         */
        public <K> EventReplayBuilder<K> legacy(EventLogs logs, EventReceiver<K> receiver) {
            return new EventReplayBuilder<>(migration, logs, receiver);
        }
    }

    /**
     * Logs an event of an aggregate in the thread's transaction of the authoritative side, or else in one of its own; returns its operation id.
     *
     * @throws RefusedWriteException where authority has moved and the transaction or scope is the caller's own, or a handover took longer than the
     *     replay waits; nothing was logged, and the caller's transaction can only be rolled back
     */
    public String append(K aggregate, Event event) {
        return within(aggregate, work -> work.append(event));
    }

    /**
     * Runs the caller's own statements in one transaction of the side that is authoritative for an aggregate, and logs with them the events that the
     * work appends, in that order.
     *
     * <p>The work may run more than once: where the side refuses because authority has just moved, it is rolled back and begun again on the other.
     */
    public <T extends @Nullable Object> T within(K aggregate, EventWork.Body<T> body) {
        try {
            return writes.write(
                    aggregate, new LoggedWork<>(migration, logs, writes.names().inBooks(aggregate), body));
        } catch (Exception | Error thrown) {
            throw Thrown.<RuntimeException>as(thrown);
        }
    }

    /** What is owed by both sides together, in aggregates. */
    public Debt debt() {
        return writes.debt();
    }

    /** What is yet to be delivered by both sides together, in events. */
    public EventDebt eventDebt() {
        return logs.legacy().debt(SegmentRange.ALL).plus(logs.target().debt(SegmentRange.ALL));
    }

    /** All events that have not arrived, dismissed ones included, legacy's first, by aggregate and in order; read page by page. */
    public Stream<LoggedEvent> undelivered() {
        return Stream.of(logs.legacy(), logs.target()).flatMap(EventReplay::undelivered);
    }

    private static Stream<LoggedEvent> undelivered(EventLog log) {
        return Stream.iterate(
                        log.page(null, PAGE),
                        page -> !page.isEmpty(),
                        page -> page.size() < PAGE ? List.of() : log.page(page.get(page.size() - 1), PAGE))
                .flatMap(List::stream);
    }

    /** The event of an operation id, in either log. */
    public Optional<LoggedEvent> find(String operationId) {
        return decisions.find(operationId);
    }

    /** The key of an event. */
    public K keyOf(LoggedEvent event) {
        return writes.names().keyOf(event.aggregate());
    }

    /** The key of an aggregate that is owed. */
    public K keyOf(Owed owed) {
        return writes.names().keyOf(owed.key());
    }

    /** The aggregates whose next event was given up on until somebody decides, of both sides; at most {@code limit} of each. */
    public List<Owed> parked(int limit) {
        List<Owed> parked = new ArrayList<>(writes.books(Side.LEGACY).parked(limit));
        parked.addAll(writes.books(Side.TARGET).parked(limit));
        return parked;
    }

    /** Takes a parked aggregate up again; false where it is not parked. */
    public boolean retry(K aggregate) {
        return writes.decisions().retry(aggregate);
    }

    /**
     * Dismisses an event: it is not delivered, and its aggregate goes on with the next. It is kept with the migration's operator and the reason, and
     * bars a handover of its segment until it is {@link #redeliver redelivered} or {@link #settleByHand settled by hand}.
     *
     * @param why for whoever finds the event later: 1 to 2,000 characters, not blank, and nothing of the payload
     * @return false where the event is not open: it has arrived, was dismissed before, or is not known
     */
    public boolean dismiss(String operationId, String why) {
        return decisions.dismiss(operationId, why);
    }

    /**
     * Takes a dismissed event up again. It is delivered after those of its aggregate that have arrived meanwhile, and so out of its place: the receiver
     * sees its {@link LoggedEvent#version}, which is that of its place.
     *
     * @return false where the event is not dismissed
     * @throws RefusedWriteException where its side is not authoritative for its aggregate at this moment
     */
    public boolean redeliver(String operationId) {
        return decisions.redeliver(operationId);
    }

    /**
     * Says that what a dismissed event is about was dealt with in another way; it bars no handover any more.
     *
     * @param why how, for whoever finds the event later: 1 to 2,000 characters, not blank, and nothing of the payload
     * @return false where the event is not dismissed
     */
    public boolean settleByHand(String operationId, String why) {
        return decisions.settle(operationId, why);
    }

    /**
     * Delivers again, in order for each aggregate, what occurred at a moment or later, under the operation ids that it has: for a receiver that was
     * restored from a backup.
     *
     * <p>Returns when that is noted; the worker takes the events up, and goes on where it stood after a crash. One that is under way begins again from the
     * earlier of the two moments. Aggregates for which authority has moved to the receiving side are left out, and so is what a person has settled or
     * dismissed. A handover is refused until all is taken up.
     *
     * @param moment in a year from 1000 to 9999
     */
    public void replayFrom(Instant moment, Again again) {
        ReplayMark mark = decisions.mark(moment, again);
        for (Side side : Side.values()) {
            logs.of(side).beginReplay(mark);
        }
    }

    /** Whether events are yet to be taken up again by {@link #replayFrom}; those that have been are {@link #debt owed}. */
    public boolean isReplaying() {
        return logs.legacy().replay().isPresent() || logs.target().replay().isPresent();
    }

    /**
     * Deletes events that have arrived and occurred before a moment, of both sides, batch by batch; returns how many.
     *
     * @param before in a year from 1000 to 9999
     */
    public long forget(Instant before) {
        Instant kept = Event.keepable("before", before);
        long forgotten = 0;
        for (Side side : Side.values()) {
            int batch;
            do {
                batch = logs.of(side).forget(kept, PAGE);
                forgotten += batch;
            } while (batch == PAGE && !Thread.currentThread().isInterrupted());
        }
        return forgotten;
    }

    /** Takes up what is to be replayed and delivers what is due, in the caller's thread, once; returns how many aggregates have nothing open any more. */
    public int repair() {
        advanceReplay();
        return writes.workOff();
    }

    /** On the shadow's threads, because a side that hangs must not hold up the timer. */
    private void replayInShadow() {
        if (isReplaying.compareAndSet(false, true)
                && !migration.threads().offer(() -> {
                    try {
                        advanceReplay();
                    } finally {
                        isReplaying.set(false);
                    }
                })) {
            isReplaying.set(false);
        }
    }

    private void advanceReplay() {
        try {
            for (Side side : Side.values()) {
                Replaying of = new Replaying(logs.of(side));
                while (of.advance() && !Thread.currentThread().isInterrupted()) {
                    // There is more.
                }
            }
        } catch (Exception | Error failure) {
            throw Thrown.<RuntimeException>as(failure);
        }
    }

    /** Whether what is logged and owed on both sides outlives this process. */
    public boolean isDurable() {
        return logs.legacy().books().isDurable() && logs.target().books().isDurable();
    }

    /** The migration that this replay routes by. */
    public Migration migration() {
        return migration;
    }

    /** The name of these events within the migration. */
    public String records() {
        return records;
    }

    /** Stops the worker; what is open stays in the logs. */
    @Override
    public void close() {
        migration.detach(steps);
        writes.close();
        try {
            replaying.close();
        } catch (Exception unexpected) {
            throw new MigrationException("the replay of records '" + records + "' could not be stopped", unexpected);
        }
    }

    @Override
    public String toString() {
        return "EventReplay[" + migration.name() + "/" + records + " at " + migration.current() + "]";
    }
}
