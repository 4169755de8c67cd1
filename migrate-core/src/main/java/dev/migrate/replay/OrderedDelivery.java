package dev.migrate.replay;

import dev.migrate.Migration;
import dev.migrate.Side;
import dev.migrate.Version;
import dev.migrate.internal.write.Copying;
import dev.migrate.internal.write.TwoSides;
import dev.migrate.side.Debt;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.Acceptance;
import dev.migrate.side.SideBooks.SegmentRole;
import java.util.List;

/**
 * Brings the events of one aggregate to the other side, one after the other.
 *
 * <p>The receiving side's ledger has a row for each aggregate, with the version of the last event that has arrived. Its lock is taken before an
 * event is handed over, and it moves in the transaction in which the receiver works: so two workers that have the same aggregate never
 * hand over at once, and an event whose arrival was not noted any more is not handed over again, but skipped and noted.
 */
record OrderedDelivery<K>(Migration migration, TwoSides<EventLog> logs, TwoSides<EventReceiver<K>> receivers)
        implements Copying.InOrder<K> {
    private static final int PAGE = 100;

    @Override
    public Acceptance deliver(Delivery<K> delivery, Version upTo) throws Exception {
        EventLog log = logs.of(delivery.from());
        if (isToBeTakenUp(log, delivery.inBooks().segment())) {
            return Acceptance.NOT_SHADOW;
        }
        List<LoggedEvent> page;
        do {
            page = log.open(delivery.inBooks().text(), upTo, PAGE);
            for (LoggedEvent event : page) {
                if (handOver(delivery, event) == Acceptance.NOT_SHADOW) {
                    return Acceptance.NOT_SHADOW;
                }
                log.process(event, migration.time().instant());
                delivery.arrived().run();
            }
        } while (page.size() == PAGE);
        return Acceptance.ACCEPTED;
    }

    /**
     * Whether a replay may yet take up earlier events of an aggregate, which come first. In the middle of a handover it does not, and the drain goes
     * before.
     */
    private static boolean isToBeTakenUp(EventLog log, int segment) {
        if (log.replay().isEmpty()) {
            return false;
        }
        List<SegmentRole> roles = log.books().roles();
        return !roles.isEmpty() && roles.get(segment).role() == Role.AUTHORITY;
    }

    private Acceptance handOver(Delivery<K> delivery, LoggedEvent event) throws Exception {
        migration.leasedView();
        SideBooks to = delivery.to();
        SideBooks.Key key = delivery.inBooks();
        return to.inTransaction(() -> {
            Acceptance acceptance = to.accept(key.text(), key.segment(), event.due(), false);
            if (acceptance == Acceptance.ACCEPTED) {
                receivers.of(delivery.from().other()).receive(delivery.key(), event);
            }
            return acceptance;
        });
    }

    @Override
    public Debt besides(Side from, SegmentRange range) {
        return Debt.ofDismissed(logs.of(from).debt(range).dismissed());
    }
}
