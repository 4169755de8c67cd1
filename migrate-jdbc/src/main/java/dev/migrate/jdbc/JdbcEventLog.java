package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.Version;
import dev.migrate.replay.EventDebt;
import dev.migrate.replay.EventLog;
import dev.migrate.replay.LoggedEvent;
import dev.migrate.replay.ReplayMark;
import dev.migrate.side.Dismissal;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The events of one side in its own database.
 *
 * <p>What belongs to a transaction of the books runs in the thread's and nowhere else; whatever fails there dooms it. All else joins the thread's
 * transaction where there is one.
 */
final class JdbcEventLog implements EventLog {
    private final BookId id;
    private final JdbcSideBooks books;
    private final TransactionBinding binding;
    private final BookStatements statements;
    private final EventRows rows;
    private final ReplayRows replays;

    JdbcEventLog(BookId id, JdbcSideBooks books, TransactionBinding binding) {
        this.id = id;
        this.books = books;
        this.binding = binding;
        this.statements = new BookStatements(id, binding);
        this.rows = new EventRows(id);
        this.replays = new ReplayRows(id);
    }

    @Override
    public SideBooks books() {
        return books;
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        return JdbcRecords.unwrap(binding, type);
    }

    @Override
    public void append(LoggedEvent event) {
        StorableText.key(event.aggregate());
        StorableText.check("operationId", event.operationId());
        StorableText.check("the type of an event", event.type());
        statements.partOfTransaction("log an event", connection -> {
            try {
                rows.insert(connection, event);
            } catch (SQLException failure) {
                if (SqlFailure.isDuplicate(failure)) {
                    throw doomed(event, failure);
                }
                throw failure;
            }
            return true;
        });
    }

    private MigrationException doomed(LoggedEvent event, SQLException failure) {
        MigrationException duplicate = new MigrationException(
                id + ": operationId " + event.operationId()
                        + " is that of another event of the log; give each event one of its own",
                failure);
        binding.doom(duplicate);
        return duplicate;
    }

    @Override
    public List<LoggedEvent> open(String aggregate, Version upTo, int limit) {
        return statements.statement("read open events", connection -> rows.open(connection, aggregate, upTo, limit));
    }

    @Override
    public boolean process(LoggedEvent event, Instant at) {
        return statements.statement(
                "note that an event has arrived", connection -> rows.process(connection, event, at));
    }

    @Override
    public Optional<LoggedEvent> find(String operationId) {
        return statements.statement("find an event", connection -> rows.find(connection, operationId));
    }

    @Override
    public boolean dismiss(String operationId, Dismissal dismissal) {
        check(dismissal);
        return statements.statement("dismiss an event", connection -> rows.dismiss(connection, operationId, dismissal));
    }

    @Override
    public boolean settle(String operationId, Dismissal how) {
        check(how);
        return statements.statement("settle an event", connection -> rows.settle(connection, operationId, how));
    }

    private static void check(Dismissal decision) {
        StorableText.check("who", decision.who());
        StorableText.check("why", decision.why());
    }

    @Override
    public void reopen(LoggedEvent event, Version due) {
        statements.partOfTransaction("open an event again", connection -> {
            rows.reopen(connection, event, due);
            return true;
        });
    }

    @Override
    public List<LoggedEvent> since(String aggregate, Instant moment, Version after, int limit) {
        return statements.statement(
                "read events", connection -> rows.since(connection, aggregate, moment, after, limit));
    }

    @Override
    public List<SideBooks.Key> aggregatesSince(Instant moment, @Nullable String after, int limit) {
        return statements.statement(
                "read aggregates", connection -> rows.aggregatesSince(connection, moment, after, limit));
    }

    @Override
    public List<LoggedEvent> page(@Nullable LoggedEvent after, int limit) {
        return statements.statement("read events", connection -> rows.page(connection, after, limit));
    }

    @Override
    public EventDebt debt(SegmentRange range) {
        return statements.statement("count events", connection -> rows.debt(connection, range));
    }

    @Override
    public int forget(Instant before, int limit) {
        return statements.ownTransaction("forget events", connection -> rows.forget(connection, before, limit));
    }

    @Override
    public Optional<ReplayMark> replay() {
        return statements.statement("read the mark of a replay", connection -> replays.find(connection, ""));
    }

    @Override
    public ReplayMark beginReplay(ReplayMark asked) {
        StorableText.check("who", asked.who());
        return statements.ownTransaction("begin a replay", connection -> replays.begin(connection, asked));
    }

    @Override
    public boolean advanceReplay(ReplayMark mark, String after) {
        return statements.partOfTransaction(
                "move the mark of a replay", connection -> replays.advance(connection, mark, after));
    }

    @Override
    public void endReplay(ReplayMark mark) {
        statements.statement("end a replay", connection -> replays.end(connection, mark));
    }

    @Override
    public String toString() {
        return "JdbcEventLog[" + id + "]";
    }
}
