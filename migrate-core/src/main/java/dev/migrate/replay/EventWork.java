package dev.migrate.replay;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What {@link EventReplay#within} hands to the caller: the side that is authoritative for the key, and its open transaction. */
public final class EventWork {
    /** Work inside the transaction. */
    @FunctionalInterface
    public interface Body<T extends @Nullable Object> {
        /** Does the work; what it throws rolls the transaction back, and with it the events. */
        T run(EventWork work) throws Exception;
    }

    private final Side side;
    private final EventLog log;
    private final List<Event> appended = new ArrayList<>();
    private boolean isOver;

    EventWork(Side side, EventLog log) {
        this.side = side;
        this.log = log;
    }

    /** The side that the transaction belongs to. */
    public Side side() {
        return side;
    }

    /**
     * Something of the transaction, such as its {@code java.sql.Connection}; valid until the work returns, never to be closed or committed.
     *
     * @throws dev.migrate.MigrationException where the side has no such thing
     */
    public <T> T unwrap(Class<T> type) {
        return log.unwrap(type);
    }

    /**
     * Logs an event with the transaction, after those before it; returns its operation id.
     *
     * @throws MigrationException where the work has returned: the event would be in no transaction
     */
    public String append(Event event) {
        if (isOver) {
            throw new MigrationException(
                    "an event can be appended only until the work has returned; call within(..) again");
        }
        String id = event.operationId() == null ? UUID.randomUUID().toString() : event.operationId();
        appended.add(event.operationId(id));
        return id;
    }

    /** What was appended; no more can be. */
    List<Event> end() {
        isOver = true;
        return appended;
    }
}
