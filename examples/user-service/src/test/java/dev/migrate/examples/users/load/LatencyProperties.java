package dev.migrate.examples.users.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class LatencyProperties {

    private static final long A_DAY_NEARLY = 68_000_000_000L;

    @Property
    void aBucket_holdsADurationAndIsNarrow(@ForAll @LongRange(max = A_DAY_NEARLY) long micros) {
        long upper = Latency.upperBound(Latency.bucket(micros));

        assertThat(upper).isBetween(micros, micros + micros / 16);
    }

    @Property
    void aQuantile_isAtMostASixteenthTooHigh(
            @ForAll @Size(min = 1, max = 200) List<@LongRange(max = 10_000_000) Long> micros,
            @ForAll @DoubleRange(min = 0.01, max = 1) double share) {
        Latency latency = new Latency();
        micros.forEach(one -> latency.add(Duration.ofNanos(one * 1_000)));

        long exact = micros.stream().sorted().toList().get((int) Math.ceil(share * micros.size()) - 1);

        long found = latency.quantile(share).toNanos() / 1_000;
        assertThat(found).isBetween(exact, exact + exact / 16);
    }

    @Property
    void decode_ofEncode_isTheSame(@ForAll @Size(max = 50) List<@LongRange(max = 10_000_000) Long> micros) {
        Latency latency = new Latency();
        micros.forEach(one -> latency.add(Duration.ofNanos(one * 1_000)));

        assertThat(Latency.decode(latency.encode()).encode()).isEqualTo(latency.encode());
        assertThat(Latency.decode(latency.encode()).count()).isEqualTo(micros.size());
    }

    @Example
    void noDurations_haveNoQuantile() {
        assertThat(new Latency().quantile(0.99)).isZero();
    }
}
