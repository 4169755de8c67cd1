package dev.migrate.test.schedule;

import dev.migrate.MigrationException;

/** What a call throws that a schedule lets fail: a side that is down, a connection that is cut. */
public final class ScheduledFailureException extends MigrationException {
    private static final long serialVersionUID = 1L;

    ScheduledFailureException(String what) {
        super(what);
    }

    ScheduledFailureException(String call, boolean hadEffect) {
        super(call + (hadEffect ? " has had its effect, but its answer is lost" : " fails without effect"));
    }
}
