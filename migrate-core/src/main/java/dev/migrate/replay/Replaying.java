package dev.migrate.replay;

import dev.migrate.RefusedWriteException;
import dev.migrate.Version;
import dev.migrate.side.Role;
import dev.migrate.side.SideBooks;
import java.util.List;
import java.util.Optional;

/**
 * Takes events of one side up again, aggregate by aggregate.
 *
 * <p>The events of an aggregate, and the mark that says so, are one transaction: a replay that was cut off goes on where it stood, on whichever node. Each
 * event gets a new version to be delivered under, those that were open anyway included, under the lock under which events are logged: so they
 * all come after what has arrived, in their old order, and before whatever is logged afterwards.
 */
record Replaying(EventLog log) {
    private static final int AGGREGATES = 100;
    private static final int EVENTS = 500;

    /** Takes up what a batch of aggregates has; returns whether there may be more to do now. */
    boolean advance() throws Exception {
        Optional<ReplayMark> begun = log.replay();
        if (begun.isEmpty()) {
            return false;
        }
        ReplayMark mark = begun.get();
        List<SideBooks.SegmentRole> roles = log.books().roles();
        List<SideBooks.Key> some = log.aggregatesSince(mark.from(), mark.after(), AGGREGATES);
        for (SideBooks.Key aggregate : some) {
            Role role = roles.isEmpty()
                    ? Role.FENCED
                    : roles.get(aggregate.segment()).role();
            if (role == Role.FENCED || !isTakenUp(mark, aggregate, role)) {
                return false; // a handover, or another node
            }
            mark = mark.after(aggregate.text());
        }
        if (some.size() < AGGREGATES) {
            log.endReplay(mark);
            return false;
        }
        return true;
    }

    /** An aggregate for which authority has moved has nobody to deliver to: its receiver is where it is written now. */
    private boolean isTakenUp(ReplayMark mark, SideBooks.Key aggregate, Role role) throws Exception {
        try {
            return log.books().inTransaction(() -> {
                if (!log.advanceReplay(mark, aggregate.text())) {
                    return false;
                }
                if (role == Role.AUTHORITY) {
                    takeUp(mark, aggregate);
                }
                return true;
            });
        } catch (RefusedWriteException moved) {
            return false;
        }
    }

    private void takeUp(ReplayMark mark, SideBooks.Key aggregate) {
        Version due = log.books().admitInOrder(aggregate.text(), aggregate.segment());
        boolean isDueDrawn = true;
        Version after = Version.NONE;
        List<LoggedEvent> page;
        do {
            page = log.since(aggregate.text(), mark.from(), after, EVENTS);
            for (LoggedEvent event : page) {
                if (mark.again() == Again.WHAT_THE_LEDGER_LACKS) {
                    log.reopen(event, event.due());
                } else {
                    due = isDueDrawn ? due : log.books().admitInOrder(aggregate.text(), aggregate.segment());
                    isDueDrawn = false;
                    log.reopen(event, due);
                }
                after = event.version();
            }
        } while (page.size() == EVENTS);
    }
}
