package dev.migrate.parallelrun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Call;
import dev.migrate.MigrationEvent.ReadCompared;
import dev.migrate.Position;
import dev.migrate.Stage;
import dev.migrate.internal.call.Ladder;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;

class ParallelRunProperties {
    /** With a key, a call is always in the sample or never, whatever its key is. */
    @Property(tries = 50)
    void samplingByKey_isStable(
            @ForAll @Size(max = 20) List<String> keys, @ForAll @DoubleRange(min = 1, max = 99) double percent)
            throws InterruptedException {
        try (Ladder ladder = new Ladder(1, 1_000).to(Position.of(Stage.SHADOW))) {
            Call<String, String> side = key -> key;
            ParallelRun<String, String> run = ParallelRun.of(ladder.migration())
                    .legacy(side)
                    .target(side)
                    .key(key -> key)
                    .percent(Math.rint(percent))
                    .build();
            for (int round = 0; round < 3; round++) {
                keys.forEach(key -> assertThat(run.<RuntimeException>call(key)).isEqualTo(key));
            }
            CountDownLatch everythingBefore = new CountDownLatch(1); // one thread: first come, first served
            ladder.migration().offerToShadow(everythingBefore::countDown);
            everythingBefore.await();
            keys.stream().distinct().forEach(key -> {
                long asked = 3L * keys.stream().filter(key::equals).count();
                long sampled = ladder.events(ReadCompared.class).stream()
                        .filter(event -> event.key().equals("s:" + key))
                        .count();
                assertThat(sampled).isIn(0L, asked);
            });
        }
    }
}
