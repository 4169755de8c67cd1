package dev.migrate.test.schedule;

import org.junit.jupiter.api.Test;

class SchedulesTest {
    @Test
    void oneNode() {
        ScheduleReport report = Schedules.over(ScheduledSides.transactional()).nodes(Integer.getInteger("nodes", 1)).seeds(1, Long.getLong("n", 200)).run();
        System.out.println(report);
        report.orElseThrow();
    }
}
