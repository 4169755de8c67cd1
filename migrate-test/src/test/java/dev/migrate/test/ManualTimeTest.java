package dev.migrate.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.MigrationException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class ManualTimeTest {
    private final ManualTime time = new ManualTime(Instant.parse("2031-02-03T04:05:06Z"));

    @Test
    void standsStill_untilItIsTurned() {
        assertThat(time.instant()).isEqualTo(time.instant()).isEqualTo(Instant.parse("2031-02-03T04:05:06Z"));
        assertThat(time.nanoTime()).isEqualTo(time.nanoTime());
    }

    @Test
    void advance_turnsWallClockAndTickerTogether() {
        long before = time.nanoTime();
        time.advance(Duration.ofMillis(1_500));
        assertThat(time.instant()).isEqualTo(Instant.parse("2031-02-03T04:05:07.500Z"));
        assertThat(time.nanoTime() - before).isEqualTo(1_500_000_000L);
    }

    @Test
    void ticker_overflowsAfterASecond_sothatComparisonsByLessThanFail() {
        long before = time.nanoTime();
        time.advance(Duration.ofSeconds(2));
        assertThat(time.nanoTime()).isNegative();
        assertThat(time.nanoTime() - before).isEqualTo(2_000_000_000L);
    }

    @Test
    void advance_back_isRefused() {
        assertThatThrownBy(() -> time.advance(Duration.ofSeconds(-1)))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("zero or more")
                .hasMessageContaining("PT-1S");
    }

    @Test
    void setWallClock_leavesTheTicker() {
        long before = time.nanoTime();
        time.setWallClock(Instant.EPOCH);
        assertThat(time.instant()).isEqualTo(Instant.EPOCH);
        assertThat(time.nanoTime()).isEqualTo(before);
    }

    @Test
    void await_endsWhenTheTimeHasBeenTurnedFarEnough() throws Exception {
        FutureTask<Void> waiter = new FutureTask<>(() -> {
            time.await(Duration.ofSeconds(10));
            return null;
        });
        Thread thread = new Thread(waiter);
        thread.start();
        await().until(() -> time.waiting() == 1);
        time.advance(Duration.ofSeconds(9));
        assertThat(waiter.isDone()).isFalse();
        time.advance(Duration.ofSeconds(1));
        waiter.get();
        thread.join();
        assertThat(time.waiting()).isZero();
    }

    @Test
    void await_endsWhenItsThreadIsInterrupted() throws Exception {
        FutureTask<Void> waiter = new FutureTask<>(() -> {
            time.await(Duration.ofSeconds(10));
            return null;
        });
        Thread thread = new Thread(waiter);
        thread.start();
        await().until(() -> time.waiting() == 1);
        thread.interrupt();
        assertThatThrownBy(waiter::get).hasCauseInstanceOf(InterruptedException.class);
        assertThat(time.waiting()).isZero();
    }
}
