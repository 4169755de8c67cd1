package dev.migrate.test.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The first of the schedules of {@link SchedulesTest}: as many as a mutation test can afford for each of its changes. */
class FirstSchedulesTest {
    private static final long SCHEDULES = 25;

    @ParameterizedTest
    @EnumSource
    void firstSchedules_breakNoPromise(SidesOfTests sides) {
        assertThat(sides.schedules().seeds(1, SCHEDULES).run().orElseThrow().schedules())
                .isEqualTo(SCHEDULES);
    }
}
