package dev.migrate.replay;

import dev.migrate.MigrationException;
import dev.migrate.Version;
import dev.migrate.side.Dismissal;
import dev.migrate.side.InMemorySideBooks;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A log in memory, over books in memory: for sides without a database, and for tests. What is open is forgotten when the process ends. Thread-safe.
 */
public final class InMemoryEventLog implements EventLog {
    private static final Comparator<LoggedEvent> BY_VERSION = Comparator.comparing(LoggedEvent::version);

    private final InMemorySideBooks books;
    private final Map<String, LoggedEvent> events = new LinkedHashMap<>();
    private @Nullable ReplayMark replay;

    /** Creates an empty log over empty books. */
    public InMemoryEventLog(InstantSource time) {
        this.books = new InMemorySideBooks(time);
    }

    /** Logs in memory, one for each kind of events and side that asks. */
    public static EventLogs each(InstantSource time) {
        return (migration, records, side) -> new InMemoryEventLog(time);
    }

    @Override
    public SideBooks books() {
        return books;
    }

    /**
     * Nothing.
     *
     * @throws MigrationException always
     */
    @Override
    public <T> T unwrap(Class<T> type) {
        throw new MigrationException(
                "a log in memory has no " + type.getName() + "; use JdbcEventLogs for one that has");
    }

    @Override
    public void append(LoggedEvent event) {
        if (!books.isInTransaction()) {
            throw new MigrationException(
                    "an event can be logged only inside a transaction; call inTransaction(..) around it");
        }
        if (find(event.operationId()).isPresent()) {
            throw new MigrationException("operationId " + event.operationId()
                    + " is that of another event of the log; give each event one of its own");
        }
        books.withCommit(() -> put(event));
    }

    private synchronized void put(LoggedEvent event) {
        if (events.putIfAbsent(event.operationId(), event) != null) {
            throw new MigrationException("operationId " + event.operationId() + " was logged twice at once");
        }
    }

    private synchronized List<LoggedEvent> all(
            Predicate<LoggedEvent> wanted, Comparator<LoggedEvent> order, int limit) {
        return events.values().stream()
                .filter(wanted)
                .sorted(order)
                .limit(limit)
                .toList();
    }

    @Override
    public List<LoggedEvent> open(String aggregate, Version upTo, int limit) {
        return all(
                event -> event.aggregate().equals(aggregate)
                        && event.isOpen()
                        && !event.due().isAfter(upTo),
                Comparator.comparing(LoggedEvent::due),
                limit);
    }

    private synchronized boolean change(
            String operationId, Predicate<LoggedEvent> where, UnaryOperator<LoggedEvent> change) {
        LoggedEvent event = events.get(operationId);
        if (event == null || !where.test(event)) {
            return false;
        }
        events.put(operationId, change.apply(event));
        return true;
    }

    private static LoggedEvent with(
            LoggedEvent event, Version due, @Nullable Instant processedAt, @Nullable Dismissal decision) {
        return new LoggedEvent(
                event.operationId(),
                event.aggregate(),
                event.segment(),
                event.type(),
                event.payload(),
                event.version(),
                due,
                event.occurredAt(),
                processedAt,
                decision);
    }

    @Override
    public boolean process(LoggedEvent event, Instant at) {
        return change(
                event.operationId(),
                present -> present.processedAt() == null && present.due().equals(event.due()),
                present -> with(present, present.due(), at, present.decision()));
    }

    @Override
    public synchronized Optional<LoggedEvent> find(String operationId) {
        return Optional.ofNullable(events.get(operationId));
    }

    @Override
    public boolean dismiss(String operationId, Dismissal dismissal) {
        return change(operationId, LoggedEvent::isOpen, event -> with(event, event.due(), null, dismissal));
    }

    @Override
    public boolean settle(String operationId, Dismissal how) {
        return change(operationId, LoggedEvent::isDismissed, event -> with(event, event.due(), how.at(), how));
    }

    @Override
    public void reopen(LoggedEvent event, Version due) {
        books.withCommit(() -> change(event.operationId(), any -> true, present -> with(present, due, null, null)));
    }

    @Override
    public List<LoggedEvent> since(String aggregate, Instant moment, Version after, int limit) {
        return all(
                event -> event.aggregate().equals(aggregate)
                        && event.decision() == null
                        && (event.isOpen() || !event.occurredAt().isBefore(moment))
                        && event.version().isAfter(after),
                BY_VERSION,
                limit);
    }

    @Override
    public List<SideBooks.Key> aggregatesSince(Instant moment, @Nullable String after, int limit) {
        Set<String> seen = new HashSet<>();
        List<SideBooks.Key> found = new ArrayList<>();
        for (LoggedEvent event : all(
                one -> !one.occurredAt().isBefore(moment)
                        && (after == null || one.aggregate().compareTo(after) > 0),
                Comparator.comparing(LoggedEvent::aggregate),
                Integer.MAX_VALUE)) {
            if (found.size() < limit && seen.add(event.aggregate())) {
                found.add(new SideBooks.Key(event.aggregate(), event.segment()));
            }
        }
        return found;
    }

    @Override
    public List<LoggedEvent> page(@Nullable LoggedEvent after, int limit) {
        Comparator<LoggedEvent> order =
                Comparator.comparing(LoggedEvent::aggregate).thenComparing(BY_VERSION);
        return all(
                event -> event.processedAt() == null && (after == null || order.compare(event, after) > 0),
                order,
                limit);
    }

    @Override
    public synchronized EventDebt debt(SegmentRange range) {
        long dismissed = in(range).filter(LoggedEvent::isDismissed).count();
        return new EventDebt(
                in(range).filter(LoggedEvent::isOpen).count(),
                dismissed,
                in(range)
                        .filter(LoggedEvent::isOpen)
                        .map(LoggedEvent::occurredAt)
                        .min(Comparator.naturalOrder()));
    }

    private Stream<LoggedEvent> in(SegmentRange range) {
        return events.values().stream().filter(event -> range.contains(event.segment()));
    }

    @Override
    public int forget(Instant before, int limit) {
        List<LoggedEvent> old =
                all(event -> event.processedAt() != null && event.occurredAt().isBefore(before), BY_VERSION, limit);
        return (int) old.stream().filter(this::remove).count();
    }

    private synchronized boolean remove(LoggedEvent event) {
        return events.remove(event.operationId(), event);
    }

    @Override
    public synchronized Optional<ReplayMark> replay() {
        return Optional.ofNullable(replay);
    }

    @Override
    public synchronized ReplayMark beginReplay(ReplayMark asked) {
        ReplayMark begun = replay == null ? asked : asked.including(replay);
        replay = begun;
        return begun;
    }

    @Override
    public boolean advanceReplay(ReplayMark mark, String after) {
        if (!stands(mark)) {
            return false;
        }
        books.withCommit(() -> advance(mark, after));
        return true;
    }

    private synchronized boolean stands(ReplayMark mark) {
        return mark.equals(replay);
    }

    private synchronized void advance(ReplayMark mark, String after) {
        if (mark.equals(replay)) {
            replay = mark.after(after);
        }
    }

    @Override
    public synchronized void endReplay(ReplayMark mark) {
        if (mark.equals(replay)) {
            replay = null;
        }
    }
}
