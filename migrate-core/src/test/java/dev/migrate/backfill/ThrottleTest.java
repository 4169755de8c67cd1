package dev.migrate.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.backfill.Throttle.Moment;
import dev.migrate.side.Debt;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private record At(Instant now, Debt debt) implements Moment {}

    private static Moment at(long millis) {
        return new At(Instant.EPOCH.plusMillis(millis), Debt.NONE);
    }

    private static double utilisation(Throttle throttle, Moment moment) throws Exception {
        return throttle.signal(moment).utilisation();
    }

    @Test
    void rowsPerSecond_areWaitedForAfterTheyWereCopied() throws Exception {
        Throttle throttle = Throttle.rowsPerSecond(1_000);
        assertThat(utilisation(throttle, at(0))).isLessThan(1);
        throttle.copied(500, at(100).now());
        assertThat(utilisation(throttle, at(100))).isGreaterThanOrEqualTo(1);
        assertThat(utilisation(throttle, at(499))).isGreaterThanOrEqualTo(1);
        assertThat(utilisation(throttle, at(500))).isLessThan(1);
    }

    /** As after a pause: what was not copied then is not copied all at once. */
    @Test
    void timeInWhichNothingWasCopied_isNotSavedUp() throws Exception {
        Throttle throttle = Throttle.rowsPerSecond(1_000);
        assertThat(utilisation(throttle, at(0))).isLessThan(1);
        assertThat(utilisation(throttle, at(60_000))).isLessThan(1);
        throttle.copied(500, at(60_010).now());
        assertThat(utilisation(throttle, at(60_010))).isGreaterThanOrEqualTo(1);
        assertThat(utilisation(throttle, at(60_500))).isLessThan(1);
    }

    @Test
    void rowsOfSeveralBackfills_countTogether() throws Exception {
        Throttle throttle = Throttle.rowsPerSecond(1_000);
        assertThat(utilisation(throttle, at(0))).isLessThan(1);
        throttle.copied(500, at(0).now());
        throttle.copied(500, at(0).now());
        assertThat(utilisation(throttle, at(999))).isGreaterThanOrEqualTo(1);
        assertThat(utilisation(throttle, at(1_000))).isLessThan(1);
    }

    /** A parked key waits for a person. */
    @Test
    void debt_countsTheKeysThatAreTried() throws Exception {
        Throttle throttle = Throttle.debt(10);
        assertThat(utilisation(throttle, new At(Instant.EPOCH, owed(9, 0)))).isEqualTo(0.9);
        assertThat(utilisation(throttle, new At(Instant.EPOCH, owed(10, 0)))).isEqualTo(1);
        assertThat(utilisation(throttle, new At(Instant.EPOCH, owed(12, 8)))).isEqualTo(0.4);
    }

    private static Debt owed(long keys, long parked) {
        return new Debt(keys, parked, Optional.of(Instant.EPOCH));
    }

    @Test
    void whatWouldNeverLetAnythingThrough_isRefused() {
        assertThatThrownBy(() -> Throttle.rowsPerSecond(0))
                .isInstanceOf(MigrationException.class)
                .hasMessage(
                        "rows of Throttle.rowsPerSecond must be at least 1, but was 0; pause(..) the backfill where it"
                                + " is not to go on at all");
        assertThatThrownBy(() -> Throttle.debt(-1))
                .isInstanceOf(MigrationException.class)
                .hasMessage(
                        "keys of Throttle.debt must be at least 1, but was -1; pause(..) the backfill where it is not"
                                + " to go on at all");
    }
}
