package dev.migrate.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Call;
import dev.migrate.Stage;
import dev.migrate.internal.call.Ladder;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class LegacyFallbackProperties {
    enum Behaviour {
        ANSWERS,
        REFUSES_CONNECTION,
        DOES_IT_BUT_TIMES_OUT,
        DOES_IT_BUT_DIES,
        DECLINES,
        AN_HOUR_PASSES
    }

    static final class Declined extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** Whatever the target does, in whatever order, one call has at most one effect, on one of the sides. */
    @Property(tries = 300)
    void aCallThatIsNotIdempotent_isNeverDoneTwice(@ForAll @Size(max = 60) List<Behaviour> script) {
        try (Ladder ladder = Ladder.at(Stage.LIVE)) {
            int[] effects = {0};
            Call<Behaviour, String> legacy = behaviour -> {
                effects[0]++;
                return "legacy";
            };
            LegacyFallback<Behaviour, String> fallback = LegacyFallback.of(ladder.migration())
                    .legacy(legacy)
                    .target(behaviour -> {
                        switch (behaviour) {
                            case REFUSES_CONNECTION -> throw new ConnectException();
                            case DECLINES -> throw new Declined();
                            default -> effects[0]++;
                        }
                        switch (behaviour) {
                            case DOES_IT_BUT_TIMES_OUT -> throw new TimeoutException();
                            case DOES_IT_BUT_DIES -> throw new LinkageError();
                            default -> {
                                return "target";
                            }
                        }
                    })
                    .notSent(ConnectException.class)
                    .business(Declined.class)
                    .window(5)
                    .minimumCalls(3)
                    .probes(1)
                    .retryTargetAfter(Duration.ofMinutes(1))
                    .build();
            for (Behaviour behaviour : script) {
                if (behaviour == Behaviour.AN_HOUR_PASSES) {
                    ladder.pass(Duration.ofHours(1));
                    continue;
                }
                effects[0] = 0;
                boolean isAnswered = true;
                try {
                    fallback.<Exception>call(behaviour);
                } catch (Exception | Error failure) {
                    isAnswered = false;
                }
                assertThat(effects[0]).isBetween(isAnswered ? 1 : 0, 1);
            }
        }
    }
}
