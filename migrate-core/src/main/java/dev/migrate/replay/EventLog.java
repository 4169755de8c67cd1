package dev.migrate.replay;

import dev.migrate.Version;
import dev.migrate.side.Dismissal;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The events that one side has logged, and what has become of them.
 *
 * <p>The log commits with the side's books: an event is in it exactly where its aggregate is owed, or was until the event arrived. An event is
 * <em>open</em> until it was processed or dismissed. Events of one aggregate are ordered by {@link LoggedEvent#due}, which no clock decides.
 * Implementations are thread-safe; a transaction belongs to the thread that opened it.
 */
public interface EventLog {
    /** The books of the side, whose transactions are the log's. */
    SideBooks books();

    /**
     * Something of the thread's transaction that the application may use, such as a {@code java.sql.Connection}.
     *
     * @throws dev.migrate.MigrationException where there is no such thing
     */
    <T> T unwrap(Class<T> type);

    /**
     * Logs an event in the thread's transaction, under the version with which the books have just admitted it.
     *
     * @throws dev.migrate.MigrationException where there is no transaction, or the log has an event of this operation id; the transaction can then
     *     only be rolled back
     */
    void append(LoggedEvent event);

    /**
     * The open events of an aggregate up to a version, in the order in which they are due, at most {@code limit}.
     *
     * @param upTo taken from the books before this is asked, never after
     */
    List<LoggedEvent> open(String aggregate, Version upTo, int limit);

    /** Notes that an event has arrived, dismissed or not; false where it was taken up again meanwhile, or is gone. */
    boolean process(LoggedEvent event, Instant at);

    /** The event of an operation id. */
    Optional<LoggedEvent> find(String operationId);

    /** Dismisses an open event; false where it is not open. */
    boolean dismiss(String operationId, Dismissal dismissal);

    /** Notes that a dismissed event was dealt with by a person, and how; false where it is not dismissed. */
    boolean settle(String operationId, Dismissal how);

    /**
     * Opens an event again in the thread's transaction, dismissed or processed as it may be.
     *
     * @param due its own, or one with which the books have just admitted it
     */
    void reopen(LoggedEvent event, Version due);

    /**
     * The events of an aggregate that are open, or were processed and occurred at a moment or later, in the order of their own versions, at most
     * {@code limit}; those of which a person has decided are left out.
     *
     * @param after the version of the last event of the page before; {@link Version#NONE} for the first
     */
    List<LoggedEvent> since(String aggregate, Instant moment, Version after, int limit);

    /** The aggregates that have an event which occurred at a moment or later, in an order that is the side's own, at most {@code limit}. */
    List<SideBooks.Key> aggregatesSince(Instant moment, @Nullable String after, int limit);

    /**
     * A page of all events that have not arrived, dismissed ones included, by aggregate and version, at most {@code limit}.
     *
     * @param after the last event of the page before; null for the first
     */
    List<LoggedEvent> page(@Nullable LoggedEvent after, int limit);

    /** What has not arrived, in a range of segments. */
    EventDebt debt(SegmentRange range);

    /** Deletes processed events that occurred before a moment, at most {@code limit}; returns how many. */
    int forget(Instant before, int limit);

    /** The replay that is under way. */
    Optional<ReplayMark> replay();

    /** Begins a replay, together with one that is under way; returns the one that is under way now. */
    ReplayMark beginReplay(ReplayMark asked);

    /** Moves the mark of a replay on, in the thread's transaction; false where it stands elsewhere, or is gone. */
    boolean advanceReplay(ReplayMark mark, String after);

    /** Ends a replay, where its mark stands there. */
    void endReplay(ReplayMark mark);
}
