package dev.migrate.test.schedule;

import dev.migrate.Records;
import dev.migrate.Side;
import dev.migrate.side.SideBooks;
import dev.migrate.test.schedule.ScheduledSides.Item;

/** What stands between the sides and the nodes: nothing, unless a test of the schedules themselves leaves a rule of the protocol out. */
interface Between {
    Between NOTHING = new Between() {};

    /** The books of a side, as routers have them. */
    default SideBooks books(Side side, SideBooks inner) {
        return inner;
    }

    /** The books of a side, as backfill and reconciliation have them; what stands between the routers and the books stands there too. */
    default SideBooks tableBooks(Side side, SideBooks inner) {
        return inner;
    }

    /** The records of a side. */
    default Records<Long, Item> records(Side side, Records<Long, Item> inner) {
        return inner;
    }
}
