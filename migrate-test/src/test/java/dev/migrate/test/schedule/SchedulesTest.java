package dev.migrate.test.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The library under many schedules, and each rule of the protocol that was left out, caught by one of them.
 *
 * <p>{@code -Dmigrate.schedules=} says how many schedules there are in all.
 */
class SchedulesTest {
    private static final long SCHEDULES = Long.getLong("migrate.schedules", 10_000);

    /** A rule that is left out has this many schedules in which to show. */
    private static final long AT_MOST = 40_000;

    @ParameterizedTest
    @EnumSource
    @Execution(ExecutionMode.CONCURRENT)
    void noSchedule_breaksAPromise(SidesOfTests sides, TestReporter reporter) {
        ScheduleReport report = sides.schedules()
                .seeds(1, SCHEDULES / SidesOfTests.values().length)
                .run();
        reporter.publishEntry(sides.name(), report.toString());
        assertThat(report.orElseThrow().schedules()).isEqualTo(SCHEDULES / SidesOfTests.values().length);
    }

    @ParameterizedTest
    @EnumSource
    @Execution(ExecutionMode.CONCURRENT)
    void ruleOfTheBooks_thatIsLeftOut_isCaught(LeftOut rule, TestReporter reporter) {
        List<String> violation = FirstViolation.of(rule::between, rule.firstSeed(), AT_MOST);
        assertIsCaught(violation);
        reporter.publishEntry(rule.name(), violation.get(0));
    }

    @ParameterizedTest
    @EnumSource
    @Execution(ExecutionMode.CONCURRENT)
    void ruleOfTheCode_thatIsLeftOut_isCaught(Patch rule, TestReporter reporter, @TempDir Path directory)
            throws Exception {
        try (PatchedLibrary library = PatchedLibrary.with(directory, rule)) {
            List<String> violation = library.firstViolation(rule.sides().name(), AT_MOST);
            assertIsCaught(violation);
            reporter.publishEntry(rule.name(), violation.get(0));
        }
    }

    /** A node that was never started, or a schedule without an end, shows no promise to be broken. */
    private static void assertIsCaught(List<String> violation) {
        assertThat(violation).isNotEmpty();
        assertThat(violation.get(0)).doesNotContain("/boot failed", "no end after");
    }

    @Test
    void sameSeed_isTheSameSchedule() {
        ScheduleReport once =
                SidesOfTests.TRANSACTIONAL.schedules().seeds(7, 20).run();
        ScheduleReport again =
                SidesOfTests.TRANSACTIONAL.schedules().seeds(7, 20).run();
        assertThat(again.steps()).isEqualTo(once.steps()).isPositive();
    }

    @Test
    void failure_isToldWithItsSeedAndItsSteps() {
        ScheduleReport report = SidesOfTests.TRANSACTIONAL
                .schedules()
                .between(LeftOut.JOURNAL::between)
                .seeds(1, AT_MOST)
                .runToFirstViolation();
        assertThatThrownBy(report::orElseThrow)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed " + report.failures().get(0).seed())
                .hasMessageContaining("legacy");
    }

    @Test
    void nodesBeyondTheMost_areRefused() {
        assertThatThrownBy(() -> SidesOfTests.TRANSACTIONAL.schedules().nodes(6))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("nodes must be between 1 and 5, but was 6");
    }
}
