package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** What a hint means is said here by rules of its own, and not by those of {@link Hints}. */
class HintsTest {
    private static Optional<Hint> hint(Object one, Object other) {
        Optional<Hint> there = Hints.of(one, null, other, null);
        assertThat(Hints.of(other, null, one, null))
                .as("whichever side is asked first")
                .isEqualTo(there);
        return there;
    }

    private static LocalDateTime at(String text) {
        return LocalDateTime.parse(text);
    }

    @Test
    void eachRule_isNamed() {
        assertThat(hint(null, "")).hasValue(Hint.NULL_FOR_EMPTY);
        assertThat(hint(new byte[0], null)).hasValue(Hint.NULL_FOR_EMPTY);
        assertThat(hint("a b", "a b \t")).hasValue(Hint.SURROUNDING_SPACES);
        assertThat(hint("Stra\u00dfe", "STRASSE")).hasValue(Hint.CASE);
        assertThat(hint("\u00e9", "e\u0301")).hasValue(Hint.UNICODE_FORM);
        assertThat(hint("abc", "ab")).hasValue(Hint.TRUNCATED);
        assertThat(hint(new byte[] {1, 2, 3}, new byte[] {1})).hasValue(Hint.TRUNCATED);
        assertThat(hint(new BigDecimal("1.259"), new BigDecimal("1.25"))).hasValue(Hint.TRUNCATED);
        assertThat(hint(-1L, new BigDecimal("-1.9"))).hasValue(Hint.TRUNCATED);
        assertThat(hint(at("2026-01-02T03:04:05"), at("2026-01-02T03:04:05.9"))).hasValue(Hint.TRUNCATED);
        assertThat(hint(LocalDate.of(2026, 1, 2), at("2026-01-02T13:04:05"))).hasValue(Hint.TRUNCATED);
        assertThat(hint(LocalTime.of(1, 2), LocalTime.of(1, 2, 3))).hasValue(Hint.TRUNCATED);
        assertThat(hint(new BigDecimal("1.259"), new BigDecimal("1.26"))).hasValue(Hint.ROUNDED);
        assertThat(hint(12.3400001, new BigDecimal("12.34"))).hasValue(Hint.TRUNCATED);
        assertThat(hint(0.1 + 0.2, new BigDecimal("0.30"))).hasValue(Hint.TRUNCATED);
        assertThat(hint(12.339999, new BigDecimal("12.34"))).hasValue(Hint.ROUNDED);
        assertThat(hint(at("2026-01-02T03:04:06"), at("2026-01-02T03:04:05.5"))).hasValue(Hint.ROUNDED);
        assertThat(hint(at("2026-01-02T03:04:05"), at("2026-01-02T05:04:05"))).hasValue(Hint.SHIFTED_BY_HOURS);
        assertThat(hint(at("2026-01-02T03:04:05"), Instant.parse("2026-01-02T02:04:05Z")))
                .hasValue(Hint.SHIFTED_BY_HOURS);
    }

    @Test
    void whatNoRuleMakesEqual_hasNoHint() {
        assertThat(hint(null, " ")).isEmpty();
        assertThat(hint(null, 0L)).isEmpty();
        assertThat(hint("", "a")).as("cut to nothing is not cut").isEmpty();
        assertThat(hint("abc", "abd")).isEmpty();
        assertThat(hint("1", 1L)).isEmpty();
        assertThat(hint(new BigDecimal("12.30"), new BigDecimal("12.34")))
                .as("of one scale")
                .isEmpty();
        assertThat(hint(1L, 2L)).isEmpty();
        assertThat(hint(new BigDecimal("1.4"), 2L)).isEmpty();
        assertThat(hint(at("2026-01-02T03:04:05"), at("2026-01-02T05:04:06"))).isEmpty();
        assertThat(hint(at("2026-01-02T00:00:01"), at("2026-01-03T03:00:01")))
                .as("27 hours")
                .isEmpty();
        assertThat(hint(LocalTime.of(1, 2, 3), LocalTime.of(2, 2, 3)))
                .as("a clock has no zone")
                .isEmpty();
        assertThat(hint(LocalTime.MIDNIGHT, LocalTime.of(5, 0))).isEmpty();
        assertThat(hint(LocalDateTime.MAX, at("2026-01-02T00:00:00"))).isEmpty();
        assertThat(hint(Instant.MAX, Instant.EPOCH)).isEmpty();
        assertThat(hint(Double.NaN, 1L)).isEmpty();
        assertThat(hint(Double.POSITIVE_INFINITY, new BigDecimal("1.5"))).isEmpty();
        assertThat(hint(true, false)).isEmpty();
    }

    /** A column of whole seconds has cut the value besides. */
    @Test
    void shift_isSeenThroughTheLowerPrecisionOfAColumn() {
        Column seconds = new Column("at", Kind.TIMESTAMP, "timestamp", 0, false, false);
        assertThat(Hints.of(at("2026-01-02T03:04:05.25"), null, at("2026-01-02T01:04:05"), seconds))
                .hasValue(Hint.SHIFTED_BY_HOURS);
        assertThat(Hints.of(at("2026-01-02T03:04:05.25"), null, at("2026-01-02T01:04:05"), null))
                .as("without the column, a quarter of a second remains")
                .isEmpty();
    }

    @Provide
    Arbitrary<Object> values() {
        Arbitrary<String> texts = Arbitraries.strings()
                .withChars(" aAbB\u00e9e\u0301\u00df\u0130\t")
                .ofMaxLength(4);
        Arbitrary<BigDecimal> decimals = Arbitraries.bigDecimals()
                .between(new BigDecimal("-20"), new BigDecimal("20"))
                .ofScale(2);
        Arbitrary<LocalDateTime> times = Combinators.combine(
                        Arbitraries.longs().between(-3, 3), Arbitraries.of(0L, 1L, 500L, 999L, 30_000L))
                .as((hours, millis) ->
                        at("2026-01-02T12:00:00").plusHours(hours).plus(millis, ChronoUnit.MILLIS));
        return Arbitraries.oneOf(
                texts.map(text -> (Object) text),
                decimals.map(decimal -> (Object) decimal),
                decimals.map(decimal -> (Object) decimal.setScale(1, RoundingMode.DOWN)),
                decimals.map(decimal -> (Object) decimal.longValue()),
                decimals.map(decimal -> (Object) decimal.doubleValue()),
                times.map(time -> (Object) time),
                times.map(time -> (Object) time.truncatedTo(ChronoUnit.SECONDS)),
                times.map(time -> (Object) time.toInstant(ZoneOffset.UTC)),
                times.map(time -> (Object) time.toLocalDate()),
                times.map(time -> (Object) time.toLocalTime()),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(3).map(bytes -> (Object) bytes));
    }

    @Provide
    Arbitrary<Tuple2<Object, Object>> pairs() {
        return Combinators.combine(values(), values()).as(Tuple::of);
    }

    /** Whatever is said to have happened, done to the values here, makes them the same. */
    @Property(tries = 3_000)
    void hint_isOnlyGiven_whereItsRuleMakesTheValuesEqual(@ForAll("pairs") Tuple2<Object, Object> pair) {
        Object one = pair.get1();
        Object other = pair.get2();
        Assume.that(!Values.same(one, null, other, null));
        hint(one, other)
                .ifPresent(hint -> assertThat(isTrue(hint, one, other) || isTrue(hint, other, one))
                        .as("%s of %s and %s", hint, one, other)
                        .isTrue());
    }

    private static boolean isTrue(Hint hint, Object one, Object other) {
        return switch (hint) {
            case NULL_FOR_EMPTY -> false;
            case SURROUNDING_SPACES -> ((String) one).strip().equals(((String) other).strip());
            case CASE ->
                ((String) one)
                        .toUpperCase(Locale.ROOT)
                        .toLowerCase(Locale.ROOT)
                        .equals(((String) other).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT));
            case UNICODE_FORM ->
                Normalizer.normalize((String) one, Normalizer.Form.NFD)
                        .equals(Normalizer.normalize((String) other, Normalizer.Form.NFD));
            case TRUNCATED -> isBeginning(one, other);
            case ROUNDED -> isWithin(one, other, 0.5);
            case SHIFTED_BY_HOURS -> {
                Duration apart = Duration.between(instant(one), instant(other));
                yield apart.equals(Duration.ofHours(apart.toHours())) && !apart.isZero();
            }
        };
    }

    private static boolean isBeginning(Object one, Object other) {
        if (one instanceof String text) {
            return ((String) other).startsWith(text);
        }
        if (one instanceof byte[] bytes) {
            return Arrays.equals(bytes, Arrays.copyOf((byte[]) other, bytes.length));
        }
        return isWithin(one, other, 1);
    }

    /** Of a number, within a part of its last digit; of a time, within a part of a day. */
    private static boolean isWithin(Object one, Object other, double part) {
        if (one instanceof Number) {
            BigDecimal shorter = new BigDecimal(one.toString());
            BigDecimal unit = BigDecimal.ONE.movePointLeft(Math.max(0, shorter.scale()));
            BigDecimal apart =
                    shorter.subtract(new BigDecimal(other.toString())).abs();
            return apart.compareTo(unit.multiply(BigDecimal.valueOf(part))) <= 0;
        }
        return Duration.between(instant(one), instant(other)).abs().toMillis() <= part * 86_400_000;
    }

    private static Instant instant(Object time) {
        return time instanceof Instant instant
                ? instant
                : time instanceof LocalDate day
                        ? day.atStartOfDay().toInstant(ZoneOffset.UTC)
                        : time instanceof LocalTime clock
                                ? Instant.EPOCH.plusNanos(clock.toNanoOfDay())
                                : ((LocalDateTime) time).toInstant(ZoneOffset.UTC);
    }

    @Property(tries = 300)
    void whatWasCut_isSaidToBeCut_andWhatWasRounded_rounded(
            @ForAll @LongRange(min = -99_999, max = 99_999) long digits, @ForAll @IntRange(max = 3) int scale) {
        BigDecimal whole = BigDecimal.valueOf(digits, 4);
        BigDecimal cut = whole.setScale(scale, RoundingMode.DOWN);
        BigDecimal rounded = whole.setScale(scale, RoundingMode.HALF_UP);
        if (cut.compareTo(whole) != 0) {
            assertThat(hint(whole, cut)).hasValue(Hint.TRUNCATED);
        }
        if (rounded.compareTo(cut) != 0) {
            assertThat(hint(whole, rounded)).hasValue(Hint.ROUNDED);
        }
    }
}
