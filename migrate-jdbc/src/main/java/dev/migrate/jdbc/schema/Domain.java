package dev.migrate.jdbc.schema;

import java.math.BigInteger;

/**
 * The values that a column can hold, whatever its database calls the type.
 *
 * <p>What a product allows beyond the usual meaning of a type is left out, because copies between products that mean the same would
 * be suspected for it: years beyond 9999, infinities, durations in a TIME, NaN in a number.
 */
sealed interface Domain {
    /** More characters, bytes or digits than this are as good as any number of them. */
    long UNLIMITED = 500_000_000;

    /** The number of digits of a second is not said. */
    int NOT_SAID = -1;

    /** Whole numbers. */
    record Whole(BigInteger min, BigInteger max) implements Domain {
        static Whole signed(int bits) {
            BigInteger half = BigInteger.ONE.shiftLeft(bits - 1);
            return new Whole(half.negate(), half.subtract(BigInteger.ONE));
        }

        static Whole unsigned(int bits) {
            return new Whole(BigInteger.ZERO, BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE));
        }

        /** The digits of the number with the most. */
        int digits() {
            return Math.max(min.abs().toString().length(), max.abs().toString().length());
        }

        boolean holds(Whole other) {
            return min.compareTo(other.min) <= 0 && max.compareTo(other.max) >= 0;
        }
    }

    /** Decimal numbers, exact. */
    record Decimal(int precision, int scale, boolean isLimited) implements Domain {
        static final Decimal ANY = new Decimal(0, 0, false);

        int wholeDigits() {
            return precision - scale;
        }
    }

    /** Binary floating point numbers, by the bits of the significand: 24 or 53. */
    record Approximate(int bits) implements Domain {}

    /** True and false. */
    record Truth() implements Domain {}

    /** Text of at most so many characters, and of at most so many bytes. */
    record Text(long characters, long bytes, boolean isPadded, boolean isUnicode) implements Domain {
        static Text of(long characters) {
            return new Text(characters, Long.MAX_VALUE, false, true);
        }

        static Text ofBytes(long bytes) {
            return new Text(bytes, bytes, false, true);
        }

        static Text any() {
            return of(Long.MAX_VALUE);
        }

        Text padded() {
            return new Text(characters, bytes, true, isUnicode);
        }

        Text notUnicode() {
            return new Text(characters, bytes, isPadded, false);
        }

        boolean isUnlimited() {
            return characters >= UNLIMITED && bytes >= UNLIMITED;
        }
    }

    /** Bytes, at most so many. */
    record Bytes(long max) implements Domain {}

    /** Days. */
    record Day() implements Domain {}

    /** Times of day, with so many digits of a second. */
    record TimeOfDay(int digits, boolean isZoned) implements Domain {}

    /** Dates with a time of day, with so many digits of a second; {@code isShort} where they end in 2038 or 2106. */
    record Moment(int digits, boolean isZoned, boolean isShort) implements Domain {}

    /** UUIDs. */
    record Uuid() implements Domain {}

    /** JSON. */
    record Json() implements Domain {}

    /** Anything else, by its name. */
    record Other(String name) implements Domain {}
}
