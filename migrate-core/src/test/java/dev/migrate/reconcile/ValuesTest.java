package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ValuesTest {
    private static boolean same(Object one, Object other) {
        return Values.same(one, null, other, null);
    }

    private static Column time(Kind kind, int scale) {
        return new Column("at", kind, "timestamp", scale, false, false);
    }

    @Test
    void null_isOnlyNull() {
        assertThat(same(null, null)).isTrue();
        assertThat(same(null, "null")).as("R7: NULL against the text").isFalse();
        assertThat(same("", null)).isFalse();
    }

    @Test
    void r10_decimals_areEqualByValue() {
        assertThat(same(new BigDecimal("1.0"), new BigDecimal("1.00"))).isTrue();
        assertThat(same(new BigDecimal("1E+2"), 100L)).isTrue();
        assertThat(same(new BigDecimal("1.01"), 1L)).isFalse();
        assertThat(same(9_007_199_254_740_993L, 9_007_199_254_740_992L)).isFalse();
    }

    @Test
    void r7_floats_areEqualByBits_notByText() {
        assertThat(same(1e23, 1e23)).isTrue();
        assertThat(same(-0.0, 0.0)).isTrue();
        assertThat(same(Double.NaN, Double.longBitsToDouble(0x7ff8_0000_0000_0001L)))
                .isTrue();
        assertThat(same(0.1, Math.nextUp(0.1))).isFalse();
        assertThat(same(0.1f, (double) 0.1f)).as("widened").isTrue();
        assertThat(same(0.1f, 0.1)).as("narrowed").isTrue();
        assertThat(same(0.1, new BigDecimal("0.1"))).isTrue();
    }

    @Test
    void infinities_areNoNumbers() {
        BigDecimal large = new BigDecimal("1e400");
        assertThat(same(Double.POSITIVE_INFINITY, large)).isFalse();
        assertThat(same(large, Double.POSITIVE_INFINITY)).isFalse();
        assertThat(same(Float.POSITIVE_INFINITY, 1e300))
                .as("not narrowed to it")
                .isFalse();
        assertThat(same(1e300, Float.POSITIVE_INFINITY)).isFalse();
        assertThat(same(Double.NaN, BigDecimal.ONE)).isFalse();
        assertThat(same(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY)).isFalse();
        assertThat(same(Float.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY)).isTrue();
        assertThat(same(Double.NaN, Float.NaN)).isTrue();
    }

    /** PostgreSQL's driver gives LocalTime.MAX for it. */
    @Test
    void theEndOfADay_isNotItsLastMicrosecond() {
        Column micros = time(Kind.TIME, 6);
        Column seconds = time(Kind.TIME, 0);
        Column nanos = time(Kind.TIME, 9);
        LocalTime last = LocalTime.parse("23:59:59.999999");
        assertThat(Values.same(LocalTime.MAX, micros, last, micros)).isFalse();
        assertThat(Values.same(LocalTime.MAX, seconds, LocalTime.parse("23:59:59"), seconds))
                .isFalse();
        assertThat(Values.same(LocalTime.MAX, micros, LocalTime.MAX, micros)).isTrue();
        assertThat(Values.same(LocalTime.MAX, micros, LocalTime.MIDNIGHT, micros))
                .isFalse();
        assertThat(Values.same(LocalTime.MAX, nanos, LocalTime.MAX, micros))
                .as("rounded")
                .isTrue();
    }

    @Test
    void aDay_isItsBeginning_whereTheOtherHasATime() {
        LocalDate day = LocalDate.parse("2024-02-29");
        assertThat(same(day, day.atStartOfDay())).isTrue();
        assertThat(same(day.atTime(0, 1), day)).isFalse();
        assertThat(same(LocalDate.MAX, LocalDateTime.MAX)).as("infinity").isTrue();
        assertThat(same(LocalDate.MIN, LocalDateTime.MIN)).isTrue();
        assertThat(same(LocalDate.MIN, LocalDate.MAX)).isFalse();
        assertThat(same(LocalDate.EPOCH, LocalTime.MIDNIGHT)).isFalse();
    }

    @Test
    void json_isEqualByValue_whereEitherColumnIsJson() {
        Column json = new Column("v", Kind.JSON, "jsonb", -1, false, false);
        assertThat(Values.same("{\"a\":1}", json, "{ \"a\": 1.0 }", null)).isTrue();
        assertThat(Values.same("{\"a\":1}", null, "{ \"a\": 1.0 }", json)).isTrue();
        assertThat(Values.same("{\"a\":1}", json, "{\"a\":2}", json)).isFalse();
        assertThat(same("{\"a\":1}", "{ \"a\":1}")).isFalse();
    }

    @Test
    void r7_times_areEqualCutOrRounded_toTheLowerPrecision() {
        LocalDateTime exact = LocalDateTime.parse("2026-01-01T00:00:00.123456700");
        LocalDateTime cut = LocalDateTime.parse("2026-01-01T00:00:00.123456");
        LocalDateTime rounded = LocalDateTime.parse("2026-01-01T00:00:00.123457");
        LocalDateTime other = LocalDateTime.parse("2026-01-01T00:00:00.123458");
        Column nanos = time(Kind.TIMESTAMP, 9);
        Column micros = time(Kind.TIMESTAMP, 6);
        assertThat(Values.same(exact, nanos, cut, micros)).isTrue();
        assertThat(Values.same(exact, nanos, rounded, micros)).isTrue();
        assertThat(Values.same(exact, nanos, other, micros)).isFalse();
        assertThat(Values.same(cut, micros, rounded, micros))
                .as("no rule makes these equal")
                .isFalse();
    }

    @Test
    void times_ofOneMoment_areEqual_whateverTheType() {
        assertThat(same(Instant.parse("2026-01-01T00:00:00Z"), LocalDateTime.parse("2026-01-01T00:00:00")))
                .isTrue();
        assertThat(same(LocalTime.NOON, LocalTime.NOON)).isTrue();
        assertThat(same(LocalTime.MIDNIGHT, Instant.EPOCH)).isFalse();
        assertThat(same(LocalDate.EPOCH, LocalDate.EPOCH)).isTrue();
        assertThat(same(LocalDateTime.MAX, Instant.MAX)).as("infinity").isTrue();
        assertThat(same(LocalDateTime.MAX, LocalDateTime.MIN)).isFalse();
    }

    @Test
    void r9_uuids_areEqualToTheirTextAndBytes() {
        UUID uuid = UUID.fromString("80000000-0000-0000-8000-000000000001");
        byte[] bytes = ByteBuffer.allocate(16)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
        assertThat(same(uuid, uuid.toString().toUpperCase(java.util.Locale.ROOT)))
                .isTrue();
        assertThat(same(bytes, uuid)).isTrue();
        assertThat(same(uuid, "not one")).isFalse();
    }

    @Test
    void r7_text_isEqualCharacterByCharacter_exceptForPadding() {
        Column padded = new Column("c", Kind.PADDED_TEXT, "bpchar", -1, false, false);
        assertThat(same("a ", "a")).isFalse();
        assertThat(Values.same("a  ", padded, "a", null)).isTrue();
        assertThat(same("é", "e")).isFalse();
        assertThat(same("A", "a")).isFalse();
        assertThat(same("1", 1L)).isFalse();
        assertThat(same(new byte[] {1}, new byte[] {1})).isTrue();
        assertThat(same(true, 1L)).isTrue();
        assertThat(same(false, true)).isFalse();
    }

    @Property
    void sameness_isSymmetric_forNumbers(@ForAll double one, @ForAll long other) {
        assertThat(same(one, other)).isEqualTo(same(other, one));
        assertThat(same(one, one)).isTrue();
        assertThat(same(other, BigDecimal.valueOf(other).setScale(3))).isTrue();
    }
}
