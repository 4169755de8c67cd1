package dev.migrate.replay;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.KeyDismissed;
import dev.migrate.Side;
import dev.migrate.internal.call.Thrown;
import dev.migrate.internal.write.TwoSides;
import dev.migrate.side.Dismissal;
import dev.migrate.side.SideBooks;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** What a person decides of single events. */
record EventDecisions(Migration migration, String records, TwoSides<EventLog> logs) {
    Optional<LoggedEvent> find(String operationId) {
        return logs.legacy().find(operationId).or(() -> logs.target().find(operationId));
    }

    boolean dismiss(String operationId, String why) {
        Dismissal dismissal = decided(why);
        for (Side side : Side.values()) {
            EventLog log = logs.of(side);
            Optional<LoggedEvent> event = log.find(operationId);
            if (event.isPresent() && log.dismiss(operationId, dismissal)) {
                String aggregate = event.get().aggregate();
                log.books().retry(aggregate);
                migration.publish(new KeyDismissed(
                        migration.name(), records, side.other(), aggregate, dismissal.who(), dismissal.why()));
                return true;
            }
        }
        return false;
    }

    boolean settle(String operationId, String why) {
        Dismissal how = decided(why);
        return logs.legacy().settle(operationId, how) || logs.target().settle(operationId, how);
    }

    private Dismissal decided(String why) {
        return new Dismissal(migration.operator(), why, migration.time().instant());
    }

    boolean redeliver(String operationId) {
        return redeliver(logs.legacy(), operationId) || redeliver(logs.target(), operationId);
    }

    private static boolean redeliver(EventLog log, String operationId) {
        if (log.find(operationId).filter(LoggedEvent::isDismissed).isEmpty()) {
            return false;
        }
        try {
            return log.books().inTransaction(() -> reopen(log, operationId));
        } catch (Exception | Error thrown) {
            throw Thrown.<RuntimeException>as(thrown);
        }
    }

    /** Looked at once more under the lock that the books take of the aggregate. */
    private static boolean reopen(EventLog log, String operationId) {
        LoggedEvent known = log.find(operationId).orElseThrow();
        SideBooks books = log.books();
        var due = books.admitInOrder(known.aggregate(), known.segment());
        Optional<LoggedEvent> dismissed = log.find(operationId).filter(LoggedEvent::isDismissed);
        dismissed.ifPresent(event -> log.reopen(event, due));
        return dismissed.isPresent();
    }

    ReplayMark mark(Instant moment, Again again) {
        String id = UUID.randomUUID().toString();
        return new ReplayMark(id, Event.keepable("moment", moment), again, null, migration.operator());
    }
}
