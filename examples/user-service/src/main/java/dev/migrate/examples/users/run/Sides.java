package dev.migrate.examples.users.run;

import dev.migrate.examples.users.fault.FaultSwitch;
import dev.migrate.examples.users.fault.FaultyDataSource;
import javax.sql.DataSource;

/**
 * The two databases as a journey reaches them.
 *
 * @param target fails as {@code faults} says
 */
record Sides(DataSource legacy, FaultyDataSource target, FaultSwitch faults) {}
