package dev.migrate.test;

import dev.migrate.replay.EventLog;
import dev.migrate.replay.InMemoryEventLog;
import java.time.InstantSource;

class InMemoryEventLogContractTest extends EventLogContract {
    @Override
    protected EventLog emptyLog(InstantSource time) {
        return new InMemoryEventLog(time);
    }
}
