package dev.migrate.replay;

import dev.migrate.Migration;
import dev.migrate.Side;
import dev.migrate.Version;
import dev.migrate.internal.write.KeyedWrites;
import dev.migrate.internal.write.TwoSides;
import dev.migrate.side.SideBooks;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The caller's work on the authoritative side, and the events that it has appended.
 *
 * <p>An event is written after the side has admitted it, under the version that the aggregate is owed under then: the lock of the journal's row, which is
 * held to the end of the transaction, lets the numbers of one aggregate rise in the order in which transactions commit.
 */
final class LoggedWork<T extends @Nullable Object> implements KeyedWrites.Operation<T> {
    private final Migration migration;
    private final TwoSides<EventLog> logs;
    private final SideBooks.Key key;
    private final EventWork.Body<T> body;
    private List<Event> appended = List.of();

    LoggedWork(Migration migration, TwoSides<EventLog> logs, SideBooks.Key key, EventWork.Body<T> body) {
        this.migration = migration;
        this.logs = logs;
        this.key = key;
        this.body = body;
    }

    @Override
    public T on(Side side, Version version) throws Exception {
        EventWork work = new EventWork(side, logs.of(side));
        boolean isMeasured = migration.traffic().isWatched();
        long begun = isMeasured ? migration.nanoTime() : 0;
        boolean isDone = false;
        try {
            T result = body.run(work);
            isDone = true;
            appended = work.end();
            return result;
        } finally {
            if (isMeasured) {
                migration.traffic().record(side, migration.nanoTime() - begun, !isDone);
            }
        }
    }

    @Override
    public void admitted(Side side, Version owed) {
        EventLog log = logs.of(side);
        Instant now = migration.time().instant();
        Version version = owed;
        for (int at = 0; at < appended.size(); at++) {
            if (at > 0) {
                version = log.books().admitInOrder(key.text(), key.segment());
            }
            log.append(logged(appended.get(at), version, now));
        }
    }

    private LoggedEvent logged(Event event, Version version, Instant now) {
        Instant occurred = event.occurredAt() == null ? now.truncatedTo(ChronoUnit.MICROS) : event.occurredAt();
        String id = event.operationId();
        if (id == null) {
            throw new AssertionError(event);
        }
        return new LoggedEvent(
                id, key.text(), key.segment(), event.type(), event.payload(), version, version, occurred, null, null);
    }
}
