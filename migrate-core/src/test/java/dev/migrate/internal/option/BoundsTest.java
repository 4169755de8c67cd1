package dev.migrate.internal.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class BoundsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MOMENT = Duration.ofNanos(1);

    private static void refused(Supplier<?> option, String message) {
        assertThatThrownBy(option::get).isInstanceOf(MigrationException.class).hasMessage(message);
    }

    @Test
    void numbers_areWithinBothEnds() {
        assertThat(Bounds.between("rows", 1, 10)).isEqualTo(1);
        assertThat(Bounds.between("rows", 10, 10)).isEqualTo(10);
        assertThat(Bounds.between("rows", 2, 2, 10)).isEqualTo(2);
        refused(() -> Bounds.between("rows", 0, 10), "rows must be between 1 and 10, but was 0; give a larger number");
        refused(
                () -> Bounds.between("rows", 11, 10),
                "rows must be between 1 and 10, but was 11; give a smaller number");
        refused(
                () -> Bounds.between("rows", 1, 2, 10),
                "rows must be between 2 and 10, but was 1; give a larger number");
    }

    @Test
    void numbersWithoutAnUpperEnd_areAtLeastOne() {
        assertThat(Bounds.positive("parkAfter", 1)).isEqualTo(1);
        assertThat(Bounds.positive("margin", Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        refused(() -> Bounds.positive("parkAfter", 0), "parkAfter must be at least 1, but was 0; give a larger number");
        refused(() -> Bounds.positive("margin", -1L), "margin must be at least 1, but was -1; give a larger number");
    }

    @Test
    void times_areLongerThanNothing_orNoneAtMost() {
        assertThat(Bounds.positive("lease", MOMENT)).isEqualTo(MOMENT);
        assertThat(Bounds.notNegative("pause", Duration.ZERO)).isEqualTo(Duration.ZERO);
        refused(
                () -> Bounds.positive("lease", Duration.ZERO),
                "lease must be positive, but was PT0S; give a longer time");
        refused(
                () -> Bounds.positive("lease", SECOND.negated()),
                "lease must be positive, but was PT-1S; give a longer time");
        refused(
                () -> Bounds.positive("limit", Duration.ZERO, "leave it out"),
                "limit must be positive, but was PT0S; leave it out");
        refused(
                () -> Bounds.notNegative("pause", MOMENT.negated()),
                "pause must not be negative, but was PT-0.000000001S; give Duration.ZERO for none");
        refused(
                () -> Bounds.notNegative("window", SECOND.negated(), "give another"),
                "window must not be negative, but was PT-1S; give another");
    }

    @Test
    void times_areWithinBothEnds() {
        assertThat(Bounds.atLeast("lease", SECOND, SECOND)).isEqualTo(SECOND);
        assertThat(Bounds.between("patience", SECOND, SECOND, SECOND)).isEqualTo(SECOND);
        refused(
                () -> Bounds.atLeast("lease", SECOND.minus(MOMENT), SECOND),
                "lease must be at least PT1S, but was PT0.999999999S; give a longer time");
        refused(
                () -> Bounds.between("patience", SECOND.minus(MOMENT), SECOND, SECOND.multipliedBy(2)),
                "patience must be between PT1S and PT2S, but was PT0.999999999S; give a longer time");
        refused(
                () -> Bounds.between("patience", SECOND.plus(MOMENT), SECOND, SECOND),
                "patience must be between PT1S and PT1S, but was PT1.000000001S; give a shorter time");
    }

    @Test
    void looks_areChecked_byTheNamesOfTheirOptions() {
        assertThat(Looks.DEFAULT).isEqualTo(new Looks(5, Duration.ofMillis(500)));
        assertThat(new Looks(1_000, Duration.ZERO).most()).isEqualTo(1_000);
        refused(() -> new Looks(0, SECOND), "looks must be between 1 and 1000, but was 0; give a larger number");
        refused(
                () -> new Looks(1_001, SECOND),
                "looks must be between 1 and 1000, but was 1001; give a smaller number");
        refused(
                () -> new Looks(5, SECOND.negated()),
                "pause must not be negative, but was PT-1S; give Duration.ZERO for none");
    }
}
