package dev.migrate.test.schedule;

import dev.migrate.Records;
import dev.migrate.Side;
import java.time.InstantSource;

/** Sides as databases are. */
record TransactionalSides() implements ScheduledSides {
    @Override
    public Records<Long, Item> open(Side side, InstantSource time) {
        return new InMemorySide(time);
    }
}
