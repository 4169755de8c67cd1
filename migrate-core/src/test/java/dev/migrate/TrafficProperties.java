package dev.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class TrafficProperties {
    @Property
    void noMoreThanItsShareIsSlowerThanAQuantile(
            @ForAll @Size(min = 1, max = 200) long @LongRange(max = 5_000_000_000L) [] nanos,
            @ForAll @DoubleRange(min = 0.01, max = 1) double q) {
        Traffic traffic = new Traffic();
        try (Traffic.Watch watch = traffic.watch()) {
            for (long each : nanos) {
                traffic.record(Side.LEGACY, each, false);
            }
            Traffic.Sample sample = watch.sample(Side.LEGACY);
            Duration quantile = sample.quantile(q);
            long truly = Arrays.stream(nanos)
                    .filter(each -> each > quantile.toNanos())
                    .count();

            assertThat(sample.slowerThan(quantile)).isEqualTo(truly).isLessThanOrEqualTo((long)
                    Math.ceil(nanos.length * (1 - q)));
        }
    }
}
