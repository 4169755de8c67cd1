package dev.migrate.side;

import static dev.migrate.side.DebtLimits.ANY_AGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationEvent.Pressure;
import dev.migrate.MigrationException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DebtLimitsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void parkedKey_agesWithoutAnyPressure() {
        Instant begin = Instant.EPOCH;
        DebtLimits limits = DebtLimits.builder().build();
        Debt parked = new Debt(1, 1, Optional.of(begin));
        Debt tried = new Debt(1, 0, Optional.of(begin));
        assertThat(limits.pressureOf(parked, begin.plus(Duration.ofDays(1)))).isEmpty();
        assertThat(limits.pressureOf(tried, begin.plus(Duration.ofMinutes(5)).minusMillis(1)))
                .isEmpty();
        assertThat(limits.pressureOf(tried, begin.plus(Duration.ofMinutes(5))))
                .as("one key that fails again and again holds a rollout, and keeps no other from its attempt")
                .containsExactly(Pressure.HOLDS_ROLLOUT);
        assertThat(limits.pressureOf(tried, begin.plus(Duration.ofMinutes(30))))
                .containsExactly(Pressure.HOLDS_ROLLOUT, Pressure.TRIPS_GUARD);
    }

    @Test
    void defaults_areThoseOfTheDocumentation() {
        DebtLimits limits = DebtLimits.defaults();
        assertThat(limits.describe(Pressure.SLOWS_BACKFILL)).isEqualTo("10000 keys or any age");
        assertThat(limits.describe(Pressure.LEAVES_TO_WORKER)).isEqualTo("20000 keys or any age");
        assertThat(limits.describe(Pressure.HOLDS_ROLLOUT)).isEqualTo("50000 keys or PT5M");
        assertThat(limits.describe(Pressure.TRIPS_GUARD)).isEqualTo("200000 keys or PT30M");
        assertThat(limits.describe(Pressure.STOPS_WRITES)).isEqualTo("none");
    }

    @Test
    void rungBelowTheOneBefore_isRefused() {
        assertThatThrownBy(
                        () -> DebtLimits.builder().leaveToWorker(100, ANY_AGE).build())
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("LEAVES_TO_WORKER (100 keys")
                .hasMessageContaining("SLOWS_BACKFILL (10000 keys");
        assertThatThrownBy(() -> DebtLimits.builder()
                        .tripGuard(300_000, Duration.ofMinutes(1))
                        .build())
                .hasMessageContaining("TRIPS_GUARD");
        assertThatThrownBy(() -> DebtLimits.builder().holdWrites(1, ANY_AGE, Duration.ZERO))
                .hasMessageContaining("refuseWrites");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void limitThatNothingCanBeBelow_isRefused(long keys) {
        assertThatThrownBy(() -> DebtLimits.builder().slowBackfill(keys, MINUTE))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("slowBackfill must have at least 1 key")
                .hasMessageContaining(Long.toString(keys));
    }

    @Test
    void ageThatIsNone_isRefused() {
        for (Duration age : new Duration[] {Duration.ZERO, MINUTE.negated()}) {
            assertThatThrownBy(() -> DebtLimits.builder().tripGuard(1, age))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining(
                            "tripGuard must have at least 1 key and a positive age, but had 1 keys and " + age);
        }
        assertThat(DebtLimits.builder()
                        .slowBackfill(1, Duration.ofNanos(1))
                        .build()
                        .describe(Pressure.SLOWS_BACKFILL))
                .isEqualTo("1 keys or PT0.000000001S");
    }

    @Test
    void rungsOfTheSameHeight_areTaken() {
        DebtLimits limits = DebtLimits.builder()
                .holdRollout(60_000, MINUTE)
                .tripGuard(60_000, MINUTE)
                .build();
        assertThat(limits.pressureOf(new Debt(60_000, 60_000, Optional.of(Instant.EPOCH)), Instant.EPOCH))
                .contains(Pressure.HOLDS_ROLLOUT, Pressure.TRIPS_GUARD);
        assertThat(limits).asString().contains("TRIPS_GUARD=60000 keys or PT1M");
    }
}
