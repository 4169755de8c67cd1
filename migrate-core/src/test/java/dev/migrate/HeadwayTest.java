package dev.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.MigrationEvent.BackfillProgress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeadwayTest {
    private static BackfillProgress at(long rows, long expected, double rate, boolean isDone) {
        return new BackfillProgress("orders", "users", rows, expected, rate, isDone, null);
    }

    @Test
    void shareAndTimeLeft_followRowsAndRate() {
        assertThat(at(25, 100, 10, false).share()).hasValue(0.25);
        assertThat(at(25, 100, 10, false).timeLeft()).hasValue(Duration.ofSeconds(8)); // 7.5, not promised too early
        assertThat(at(100, 100, 0.5, false).timeLeft()).hasValue(Duration.ZERO);
    }

    @Test
    void moreRowsThanExpected_areAllOfThem() {
        assertThat(at(120, 100, 10, false).share()).hasValue(1);
        assertThat(at(120, 100, 10, false).timeLeft()).hasValue(Duration.ZERO);
    }

    @Test
    void whatIsDone_hasNothingLeft() {
        assertThat(at(0, 0, 0, true).share()).hasValue(1);
        assertThat(at(0, 0, 0, true).timeLeft()).hasValue(Duration.ZERO);
    }

    @Test
    void whereTheEndOrTheRateIsNotKnown_nothingIsSaid() {
        assertThat(at(25, 0, 10, false).share()).isEmpty();
        assertThat(at(25, 0, 10, false).timeLeft()).isEmpty();
        assertThat(at(25, 100, 0, false).timeLeft()).isEmpty();
        assertThat(at(25, 100, Double.NaN, false).timeLeft()).isEmpty();
    }
}
