package dev.migrate.replay;

import dev.migrate.Side;

/** Where a side logs its events: it makes the log of a migration. */
@FunctionalInterface
public interface EventLogs {
    /**
     * The log of one side for one kind of events, made where it does not yet exist. Called once, when a replay is built.
     *
     * @param migration the migration's name
     * @param records the name of this kind of events within the migration
     * @param side which side logs there
     */
    EventLog log(String migration, String records, Side side);
}
