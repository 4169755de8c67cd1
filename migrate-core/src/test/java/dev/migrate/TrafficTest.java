package dev.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TrafficTest {
    @Test
    void nothingIsMeasuredUntilSomebodyWatches() {
        Traffic traffic = new Traffic();
        traffic.record(Side.LEGACY, 1, false);
        try (Traffic.Watch watch = traffic.watch()) {
            traffic.record(Side.LEGACY, 1, true);
            assertThat(watch.sample(Side.LEGACY).calls()).isEqualTo(1);
            assertThat(watch.sample(Side.LEGACY).failures()).isEqualTo(1);
            assertThat(watch.sample(Side.TARGET).calls()).isZero();
        }
        assertThat(traffic.isWatched()).isFalse();
    }

    @Test
    void differenceOfSamplesIsWhatCameBetween() {
        Traffic traffic = new Traffic();
        try (Traffic.Watch watch = traffic.watch()) {
            traffic.record(Side.TARGET, 1_000, true);
            Traffic.Sample earlier = watch.sample(Side.TARGET);
            traffic.record(Side.TARGET, 1_000_000, false);
            traffic.record(Side.TARGET, 2_000_000, true);

            Traffic.Sample between = watch.sample(Side.TARGET).since(earlier);

            assertThat(between.calls()).isEqualTo(2);
            assertThat(between.failures()).isEqualTo(1);
            assertThat(between.slowerThan(Duration.ofMillis(1).plusNanos(70_000)))
                    .isEqualTo(1);
        }
    }
}
