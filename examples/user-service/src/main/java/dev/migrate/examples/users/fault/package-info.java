/** A target database that fails on purpose; start from {@link dev.migrate.examples.users.fault.FaultSwitch}. */
@NullMarked
package dev.migrate.examples.users.fault;

import org.jspecify.annotations.NullMarked;
