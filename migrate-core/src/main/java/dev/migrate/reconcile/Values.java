package dev.migrate.reconcile;

import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whether two values of two databases are the same, by their meaning and not by their text.
 *
 * <p>Whole numbers and decimals are equal by value ({@code 1.0} is {@code 1.00}); a float by its bits, with one NaN and one zero, and
 * to a double as what it is when widened, or as what the double is when narrowed; to a decimal as the nearest double. An infinity equals
 * no number, however large. Times are equal when one is the other cut or rounded to the lower of the two precisions: databases do
 * either; a day is its beginning. UUIDs are equal to their text and to their 16 bytes. NULL equals NULL alone. Text is equal
 * character by character, except for the padding of a CHAR; JSON is equal by value.
 */
final class Values {
    private static final int NANOS = 9;

    private Values() {}

    /** Compares two values; the columns say how precise they are, where they are known. */
    static boolean same(
            @Nullable Object one, @Nullable Column oneColumn, @Nullable Object other, @Nullable Column otherColumn) {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        if (one.equals(other) && !(one instanceof LocalTime)) {
            return true;
        }
        if (one instanceof byte[] bytes && other instanceof byte[] others) {
            return Arrays.equals(bytes, others);
        }
        if (number(one) && number(other)) {
            return sameNumber(one, other);
        }
        if (one instanceof UUID || other instanceof UUID) {
            return sameUuid(one, other);
        }
        Instant time = time(one, oneColumn);
        Instant otherTime = time(other, otherColumn);
        if (time != null && otherTime != null) {
            return (one instanceof LocalTime) == (other instanceof LocalTime)
                    && sameTime(time, otherTime, Math.min(scale(oneColumn), scale(otherColumn)));
        }
        if (one instanceof String text && other instanceof String otherText) {
            if (isJson(oneColumn) || isJson(otherColumn)) {
                return JsonText.same(text, otherText);
            }
            return (padded(oneColumn) || padded(otherColumn))
                    ? unpadded(text).equals(unpadded(otherText))
                    : text.equals(otherText);
        }
        return one.equals(other);
    }

    private static boolean number(Object value) {
        return value instanceof Number || value instanceof Boolean;
    }

    private static boolean sameNumber(Object one, Object other) {
        if (one instanceof Boolean && other instanceof Boolean) {
            return one.equals(other);
        }
        boolean isFloating = floating(one) || floating(other);
        return isFloating ? sameFloating(one, other) : decimal(one).compareTo(decimal(other)) == 0;
    }

    private static boolean floating(Object value) {
        return value instanceof Double || value instanceof Float;
    }

    private static boolean sameFloating(Object one, Object other) {
        double a = floatingValue(one);
        double b = floatingValue(other);
        if (isInfinite(one, a) != isInfinite(other, b)) {
            return false;
        }
        if (a == b || (Double.isNaN(a) && Double.isNaN(b))) {
            return true;
        }
        boolean isFloat = one instanceof Float || other instanceof Float;
        return isFloat && (float) a == (float) b && Double.isFinite(a) && Double.isFinite(b);
    }

    /** Not a decimal that no double is large enough for. */
    private static boolean isInfinite(Object value, double asDouble) {
        return floating(value) && Double.isInfinite(asDouble);
    }

    private static double floatingValue(Object value) {
        return value instanceof Number number && floating(number)
                ? number.doubleValue()
                : decimal(value).doubleValue();
    }

    private static BigDecimal decimal(Object value) {
        return value instanceof BigDecimal decimal
                ? decimal
                : value instanceof BigInteger big
                        ? new BigDecimal(big)
                        : value instanceof Boolean flag
                                ? BigDecimal.valueOf(flag ? 1 : 0)
                                : BigDecimal.valueOf(((Number) value).longValue());
    }

    private static boolean sameUuid(Object one, Object other) {
        UUID a = uuid(one);
        UUID b = uuid(other);
        return a != null && a.equals(b);
    }

    private static @Nullable UUID uuid(Object value) {
        if (value instanceof UUID uuid) {
            return uuid;
        }
        if (value instanceof byte[] bytes && bytes.length == 16) {
            var buffer = java.nio.ByteBuffer.wrap(bytes);
            return new UUID(buffer.getLong(), buffer.getLong());
        }
        try {
            return value instanceof String text ? UUID.fromString(text) : null;
        } catch (IllegalArgumentException notOne) {
            return null;
        }
    }

    private static @Nullable Instant time(Object value, @Nullable Column column) {
        if (value instanceof LocalDateTime local) {
            return local.equals(LocalDateTime.MAX)
                    ? Instant.MAX
                    : local.equals(LocalDateTime.MIN) ? Instant.MIN : local.toInstant(ZoneOffset.UTC);
        }
        if (value instanceof LocalDate day) {
            return day.equals(LocalDate.MAX)
                    ? Instant.MAX
                    : day.equals(LocalDate.MIN)
                            ? Instant.MIN
                            : day.atStartOfDay().toInstant(ZoneOffset.UTC);
        }
        if (value instanceof LocalTime time) {
            // More digits than the column has: 24:00:00.
            boolean isEndOfDay = time.equals(LocalTime.MAX) && scale(column) < NANOS;
            return isEndOfDay ? Instant.EPOCH.plus(Duration.ofDays(1)) : Instant.EPOCH.plusNanos(time.toNanoOfDay());
        }
        return value instanceof Instant instant ? instant : null;
    }

    private static int scale(@Nullable Column column) {
        if (column == null || column.scale() < 0) {
            return NANOS;
        }
        return switch (column.kind()) {
            case TIMESTAMP, INSTANT, TIME -> Math.min(column.scale(), NANOS);
            default -> NANOS;
        };
    }

    private static boolean sameTime(Instant one, Instant other, int scale) {
        if (one.equals(other)) {
            return true;
        }
        long unit = 1;
        for (int digit = scale; digit < NANOS; digit++) {
            unit *= 10;
        }
        if (unit == 1 || Duration.between(one, other).abs().compareTo(Duration.ofNanos(unit)) >= 0) {
            return false;
        }
        return atUnit(one, unit) || atUnit(other, unit);
    }

    /** Whether a time has no digits below a unit: the one that was cut or rounded. */
    private static boolean atUnit(Instant time, long unit) {
        return time.get(ChronoField.NANO_OF_SECOND) % unit == 0;
    }

    private static String unpadded(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }

    private static boolean isJson(@Nullable Column column) {
        return column != null && column.kind() == Kind.JSON;
    }

    private static boolean padded(@Nullable Column column) {
        return column != null && column.kind() == Kind.PADDED_TEXT;
    }
}
