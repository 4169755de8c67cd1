package dev.migrate.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RecentRateTest {
    private final RecentRate rate = new RecentRate(0, 1_000);

    private double after(long seconds, long rows) {
        return rate.at(TimeUnit.SECONDS.toNanos(seconds), rows);
    }

    @Test
    void atFirst_itIsTheMean_ofWhatWasDoneSinceTheBeginning() {
        assertThat(after(10, 1_500)).isEqualTo(50);
        assertThat(after(20, 3_000)).isEqualTo(100);
    }

    /** An hour at a hundred rows a second says nothing of now. */
    @Test
    void whatWasDoneMoreThanAMinuteAgo_isForgotten() {
        for (long second = 1; second <= 3_600; second++) {
            assertThat(after(second, 1_000 + 100 * second)).isEqualTo(100);
        }
        long rows = 1_000 + 360_000;
        for (long second = 3_601; second < 3_660; second++) {
            rows += 10;
            assertThat(after(second, rows)).isBetween(10.0, 100.0);
        }
        assertThat(after(3_660, rows + 10)).isEqualTo(10);
    }

    @Test
    void waiting_bringsItDownToNothing() {
        after(10, 2_000);
        assertThat(after(20, 2_000)).isEqualTo(50);
        assertThat(after(75, 2_000)).isZero();
    }

    @Test
    void pieceThatTookLongerThanAMinute_isTheRate() {
        after(10, 1_100);
        assertThat(after(310, 4_100)).isEqualTo(10);
    }

    @Test
    void manyCallsASecond_areNotKept_andDoNotBlurIt() {
        for (long milli = 1; milli <= 120_000; milli++) {
            rate.at(TimeUnit.MILLISECONDS.toNanos(milli), 1_000 + milli);
        }
        assertThat(after(121, 122_000)).isEqualTo(1_000);
    }
}
