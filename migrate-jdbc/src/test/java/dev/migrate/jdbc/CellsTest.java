package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.table.Column.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CellsTest {
    private static final LocalDate DAY = LocalDate.of(2024, 2, 29);
    private static final LocalDateTime MOMENT = DAY.atTime(13, 14, 15, 123_456_789);
    private static final UUID ID = new UUID(0x0011_2233_4455_6677L, 0x8899_aabb_ccdd_eeffL);

    private static void becomes(@Nullable Object value, Kind kind, @Nullable Object expected) {
        assertThat(Cells.convert(value, kind)).as(value + " as " + kind).isEqualTo(expected);
    }

    private static void refused(Object value, Kind kind) {
        assertThatThrownBy(() -> Cells.convert(value, kind))
                .as(value + " as " + kind)
                .isInstanceOf(MigrationException.class)
                .hasMessage("a value of " + value.getClass().getSimpleName()
                        + " cannot be written to a column of kind " + kind
                        + "; derive(..) the column in the mapping");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void noValue_isNoneOfAnyKind(Kind kind) {
        becomes(null, kind, null);
    }

    @Test
    void integers_areExact() {
        for (Object seven : List.of(7L, 7, (short) 7, (byte) 7, BigInteger.valueOf(7), new BigDecimal("7.00"), "7")) {
            becomes(seven, Kind.INTEGER, 7L);
        }
        becomes(true, Kind.INTEGER, 1L);
        becomes(false, Kind.INTEGER, 0L);
        for (Object other : List.of(new BigDecimal("7.5"), BigInteger.ONE.shiftLeft(64))) {
            assertThatThrownBy(() -> Cells.convert(other, Kind.INTEGER)).isInstanceOf(ArithmeticException.class);
        }
        refused(7.0, Kind.INTEGER);
    }

    @Test
    void decimals_keepTheirDigits() {
        becomes(new BigDecimal("7.50"), Kind.DECIMAL, new BigDecimal("7.50"));
        becomes(BigInteger.TEN.pow(30), Kind.DECIMAL, BigDecimal.TEN.pow(30));
        becomes(0.1, Kind.DECIMAL, new BigDecimal("0.1"));
        becomes(0.5f, Kind.DECIMAL, new BigDecimal("0.5"));
        becomes(7, Kind.DECIMAL, new BigDecimal("7"));
        becomes("7.10", Kind.DECIMAL, new BigDecimal("7.10"));
        refused(true, Kind.DECIMAL);
    }

    @Test
    void numbersThatAreTooLarge_becomeNoInfinity_andInfinitiesStay() {
        becomes(7L, Kind.DOUBLE, 7.0);
        becomes(7L, Kind.FLOAT, 7f);
        refused(BigDecimal.TEN.pow(400), Kind.DOUBLE);
        refused(1e39, Kind.FLOAT);
        becomes(Double.NEGATIVE_INFINITY, Kind.DOUBLE, Double.NEGATIVE_INFINITY);
        becomes(Double.NaN, Kind.FLOAT, Float.NaN);
        refused("7", Kind.DOUBLE);
        refused("7", Kind.FLOAT);
    }

    @Test
    void onlyDecimals_haveSpecialValuesOfTheirOwn() {
        assertThat(Cells.specialDecimal(Double.NaN, Kind.DECIMAL)).isNaN();
        assertThat(Cells.specialDecimal(Float.POSITIVE_INFINITY, Kind.DECIMAL)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(Cells.specialDecimal(Double.NaN, Kind.DOUBLE)).isNull();
        assertThat(Cells.specialDecimal(7.0, Kind.DECIMAL)).isNull();
        assertThat(Cells.specialDecimal(BigDecimal.ONE, Kind.DECIMAL)).isNull();
        assertThat(Cells.specialDecimal("NaN", Kind.DECIMAL)).isNull();
        assertThat(Cells.isNotFinite(null)).isFalse();
    }

    @Test
    void texts_areTheSameForTheSameValue() {
        becomes(new BigDecimal("1.50"), Kind.TEXT, "1.5");
        becomes(new BigDecimal("1E+3"), Kind.PADDED_TEXT, "1000");
        becomes(new byte[] {1, (byte) 0xff}, Kind.OTHER, "01ff");
        becomes(ID, Kind.JSON, ID.toString());
    }

    @Test
    void booleans_areNumbersToo() {
        becomes(true, Kind.BOOLEAN, true);
        becomes(2, Kind.BOOLEAN, true);
        becomes(0L, Kind.BOOLEAN, false);
        refused("true", Kind.BOOLEAN);
    }

    @Test
    void bytes_areThoseOfAnIdToo() {
        byte[] bytes = {1, 2};
        becomes(bytes, Kind.BYTES, bytes);
        becomes(ID, Kind.BYTES, Cells.parse("00112233445566778899aabbccddeeff", Kind.BYTES));
        refused("0102", Kind.BYTES);
        becomes(ID, Kind.UUID, ID);
        becomes(ID.toString(), Kind.UUID, ID);
        refused(7L, Kind.UUID);
    }

    @Test
    void daysAndTimes_areAsTheyAre() {
        becomes(DAY, Kind.DATE, DAY);
        becomes(Date.valueOf(DAY), Kind.DATE, DAY);
        refused(MOMENT, Kind.DATE);
        becomes(LocalTime.NOON, Kind.TIME, LocalTime.NOON);
        refused("12:00", Kind.TIME);
    }

    @Test
    void timestamps_areOfUtc_andInfiniteOnesStay() {
        becomes(MOMENT, Kind.TIMESTAMP, MOMENT);
        becomes(MOMENT.toInstant(ZoneOffset.UTC), Kind.TIMESTAMP, MOMENT);
        becomes(Timestamp.valueOf(MOMENT), Kind.TIMESTAMP, MOMENT);
        becomes(DAY, Kind.TIMESTAMP, DAY.atStartOfDay());
        becomes(Instant.MAX, Kind.TIMESTAMP, LocalDateTime.MAX);
        becomes(Instant.MIN, Kind.TIMESTAMP, LocalDateTime.MIN);
        becomes(LocalDate.MAX, Kind.TIMESTAMP, LocalDateTime.MAX);
        becomes(LocalDate.MIN, Kind.TIMESTAMP, LocalDateTime.MIN);
        refused("2024-02-29", Kind.TIMESTAMP);
    }

    @Test
    void instants_areOfUtc_andInfiniteOnesStay() {
        Instant instant = MOMENT.toInstant(ZoneOffset.UTC);
        becomes(instant, Kind.INSTANT, instant);
        becomes(MOMENT, Kind.INSTANT, instant);
        becomes(instant.atOffset(ZoneOffset.ofHours(3)), Kind.INSTANT, instant);
        becomes(LocalDateTime.MAX, Kind.INSTANT, Instant.MAX);
        becomes(LocalDateTime.MIN, Kind.INSTANT, Instant.MIN);
        refused(DAY, Kind.INSTANT);
        assertThat(Cells.offset(Instant.MAX)).isEqualTo(OffsetDateTime.MAX);
        assertThat(Cells.offset(Instant.MIN)).isEqualTo(OffsetDateTime.MIN);
        assertThat(Cells.offset(instant)).isEqualTo(instant.atOffset(ZoneOffset.UTC));
    }

    @Test
    void whatIsNotCarried_isRefused() {
        refused("anything", Kind.UNSUPPORTED);
    }

    @Test
    void whatIsSaidAsText_isReadAgain() {
        assertThat(Cells.parse(Cells.text(-7L), Kind.INTEGER)).isEqualTo(-7L);
        assertThat(Cells.parse(Cells.text(new BigDecimal("7.50")), Kind.DECIMAL))
                .isEqualTo(new BigDecimal("7.5"));
        assertThat(Cells.parse(Cells.text(0.1), Kind.DOUBLE)).isEqualTo(0.1);
        assertThat(Cells.parse(Cells.text(0.1f), Kind.FLOAT)).isEqualTo(0.1f);
        assertThat(Cells.parse(Cells.text("a b"), Kind.TEXT)).isEqualTo("a b");
        assertThat(Cells.parse(Cells.text(new byte[] {0, -1}), Kind.BYTES)).isEqualTo(new byte[] {0, -1});
        assertThat(Cells.parse(Cells.text(true), Kind.BOOLEAN)).isEqualTo(true);
        assertThat(Cells.parse(Cells.text(DAY), Kind.DATE)).isEqualTo(DAY);
        assertThat(Cells.parse(Cells.text(LocalTime.MIN), Kind.TIME)).isEqualTo(LocalTime.MIN);
        assertThat(Cells.parse(Cells.text(MOMENT), Kind.TIMESTAMP)).isEqualTo(MOMENT);
        assertThat(Cells.parse(Cells.text(Instant.EPOCH), Kind.INSTANT)).isEqualTo(Instant.EPOCH);
        assertThat(Cells.parse(Cells.text(ID), Kind.UUID)).isEqualTo(ID);
    }
}
