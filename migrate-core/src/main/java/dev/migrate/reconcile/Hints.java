package dev.migrate.reconcile;

import dev.migrate.table.Column;
import java.math.BigDecimal;
import java.math.BigInteger;
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
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rule that would make two values of a field equal, in the order of {@link Hint}. Each is applied to both values, and is a hint only
 * where {@link Values#same} then says that they are the same.
 */
final class Hints {
    private static final long MOST_HOURS = 26;
    private static final long FARTHEST = 1_000_000_000_000L;
    private static final List<ChronoUnit> UNITS =
            List.of(ChronoUnit.MICROS, ChronoUnit.MILLIS, ChronoUnit.SECONDS, ChronoUnit.MINUTES, ChronoUnit.DAYS);
    private final @Nullable Column oneColumn;
    private final @Nullable Column otherColumn;

    private Hints(@Nullable Column oneColumn, @Nullable Column otherColumn) {
        this.oneColumn = oneColumn;
        this.otherColumn = otherColumn;
    }

    /** The first rule that makes two values equal that are not; empty where none does. */
    static Optional<Hint> of(
            @Nullable Object one, @Nullable Column oneColumn, @Nullable Object other, @Nullable Column otherColumn) {
        Hints hints = new Hints(oneColumn, otherColumn);
        return Arrays.stream(Hint.values())
                .filter(hint -> hints.makesEqual(hint, one, other))
                .findFirst();
    }

    /** Whether a rule, applied to values that are not the same, makes them so. */
    private boolean makesEqual(Hint hint, @Nullable Object one, @Nullable Object other) {
        if (one == null || other == null) {
            return hint == Hint.NULL_FOR_EMPTY && isNullForEmpty(one, other);
        }
        return switch (hint) {
            case NULL_FOR_EMPTY -> false;
            case SURROUNDING_SPACES ->
                areTexts(one, other)
                        && same(one.toString().strip(), other.toString().strip());
            case CASE -> areTexts(one, other) && same(folded(one), folded(other));
            case UNICODE_FORM -> areTexts(one, other) && same(normalised(one), normalised(other));
            case TRUNCATED -> isCut(one, other) || isCut(other, one);
            case ROUNDED -> isRounded(one, other) || isRounded(other, one);
            case SHIFTED_BY_HOURS -> isShifted(one, other);
        };
    }

    private boolean same(Object one, Object other) {
        return Values.same(one, oneColumn, other, otherColumn);
    }

    private static boolean isNullForEmpty(@Nullable Object one, @Nullable Object other) {
        return (one == null) != (other == null) && isEmpty(one == null ? other : one);
    }

    private static boolean isEmpty(@Nullable Object value) {
        return value instanceof String text ? text.isEmpty() : value instanceof byte[] bytes && bytes.length == 0;
    }

    private static boolean areTexts(Object one, Object other) {
        return one instanceof String && other instanceof String;
    }

    /** Both ways, because some letters have several forms in one of the cases. */
    private static String folded(Object text) {
        return text.toString().toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    private static String normalised(Object text) {
        return Normalizer.normalize(text.toString(), Normalizer.Form.NFC);
    }

    /** Whether the one is the other without its end. What is left out of nothing, or leaves nothing, was not cut. */
    private boolean isCut(Object cut, Object whole) {
        if (cut instanceof String text && whole instanceof String all) {
            return !text.isEmpty() && text.length() < all.length() && same(text, all.substring(0, text.length()));
        }
        if (cut instanceof byte[] bytes && whole instanceof byte[] all) {
            return bytes.length > 0 && bytes.length < all.length && same(bytes, Arrays.copyOf(all, bytes.length));
        }
        return (exact(cut) && isNumber(whole))
                ? same(cut, toScaleOf(cut, whole, RoundingMode.DOWN))
                : UNITS.stream().anyMatch(unit -> isCut(cut, whole, unit));
    }

    private boolean isCut(Object cut, Object whole, ChronoUnit unit) {
        Instant cutTime = time(cut);
        Instant wholeTime = time(whole);
        return cutTime != null
                && wholeTime != null
                && isUnitOf(whole, unit)
                && cutTime.truncatedTo(unit).equals(cutTime)
                && same(cut, like(whole, wholeTime.truncatedTo(unit)));
    }

    private boolean isRounded(Object rounded, Object whole) {
        return (exact(rounded) && isNumber(whole))
                ? same(rounded, toScaleOf(rounded, whole, RoundingMode.HALF_UP))
                        || same(rounded, toScaleOf(rounded, whole, RoundingMode.HALF_EVEN))
                : UNITS.stream().anyMatch(unit -> isRounded(rounded, whole, unit));
    }

    private boolean isRounded(Object rounded, Object whole, ChronoUnit unit) {
        Instant roundedTime = time(rounded);
        Instant wholeTime = time(whole);
        return roundedTime != null
                && wholeTime != null
                && isUnitOf(whole, unit)
                && roundedTime.truncatedTo(unit).equals(roundedTime)
                && same(
                        rounded,
                        like(
                                whole,
                                wholeTime.plus(unit.getDuration().dividedBy(2)).truncatedTo(unit)));
    }

    private boolean isShifted(Object one, Object other) {
        Instant oneTime = one instanceof LocalTime ? null : time(one);
        Instant otherTime = other instanceof LocalTime ? null : time(other);
        if (oneTime == null || otherTime == null) {
            return false;
        }
        // To the precision of the coarser column, by which the two may be apart besides.
        long hours = Math.round(Duration.between(oneTime, otherTime).toSeconds() / 3_600.0);
        return hours != 0
                && Math.abs(hours) <= MOST_HOURS
                && same(like(one, oneTime.plus(Duration.ofHours(hours))), other);
    }

    /** As {@link Values} compares them; null where it is no time, or one near the ends of time, to which nothing can be added. */
    private static @Nullable Instant time(Object value) {
        Instant time = value instanceof Instant instant
                ? instant
                : value instanceof LocalDateTime local
                        ? local.toInstant(ZoneOffset.UTC)
                        : value instanceof LocalDate day
                                ? day.atStartOfDay().toInstant(ZoneOffset.UTC)
                                : value instanceof LocalTime clock
                                        ? Instant.EPOCH.plusNanos(clock.toNanoOfDay())
                                        : null;
        return time == null || Math.abs(time.getEpochSecond()) > FARTHEST ? null : time;
    }

    /** A clock has no day that could be left of it. */
    private static boolean isUnitOf(Object time, ChronoUnit unit) {
        return unit != ChronoUnit.DAYS || !(time instanceof LocalTime);
    }

    private static Object like(Object original, Instant changed) {
        LocalDateTime local = LocalDateTime.ofInstant(changed, ZoneOffset.UTC);
        return original instanceof Instant ? changed : original instanceof LocalTime ? local.toLocalTime() : local;
    }

    private static boolean exact(Object value) {
        return value instanceof BigDecimal
                || value instanceof BigInteger
                || value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte;
    }

    private static boolean isNumber(Object value) {
        return exact(value)
                || (value instanceof Double wide && Double.isFinite(wide))
                || (value instanceof Float narrow && Float.isFinite(narrow));
    }

    private static BigDecimal decimal(Object value) {
        return value instanceof BigDecimal decimal ? decimal : new BigDecimal(value.toString());
    }

    /** With as many digits after the point as another has; never with more than it has itself. */
    private static BigDecimal toScaleOf(Object shorter, Object value, RoundingMode mode) {
        BigDecimal decimal = decimal(value);
        int scale = Math.max(0, decimal(shorter).scale());
        return decimal.scale() > scale ? decimal.setScale(scale, mode) : decimal;
    }
}
