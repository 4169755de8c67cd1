package dev.migrate.jdbc.schema;

import dev.migrate.jdbc.schema.Domain.Approximate;
import dev.migrate.jdbc.schema.Domain.Bytes;
import dev.migrate.jdbc.schema.Domain.Day;
import dev.migrate.jdbc.schema.Domain.Decimal;
import dev.migrate.jdbc.schema.Domain.Json;
import dev.migrate.jdbc.schema.Domain.Moment;
import dev.migrate.jdbc.schema.Domain.Other;
import dev.migrate.jdbc.schema.Domain.Text;
import dev.migrate.jdbc.schema.Domain.TimeOfDay;
import dev.migrate.jdbc.schema.Domain.Truth;
import dev.migrate.jdbc.schema.Domain.Uuid;
import dev.migrate.jdbc.schema.Domain.Whole;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * How far the values of one domain fit into another, without a conversion of the application's own.
 *
 * @param degree how many of them
 * @param why what does not fit, for people; empty where all do
 * @param misfit the rows whose value does not fit; null where a database cannot tell, or the value would be cut and not refused
 */
record Fit(Degree degree, String why, @Nullable Condition misfit) {
    /** How many values fit. */
    enum Degree {
        /** Every one. */
        ALL,
        /** Some. */
        SOME,
        /** None, or it would be chance. */
        NONE
    }

    /** What a row is asked for, in SQL, of the name of a column, in the words of a product. */
    @FunctionalInterface
    interface Condition {
        String of(String column, Product product);
    }

    private static final Fit ALL = new Fit(Degree.ALL, "", null);
    private static final BigInteger EXACT_IN_DOUBLE = BigInteger.ONE.shiftLeft(53);
    private static final BigInteger EXACT_IN_FLOAT = BigInteger.ONE.shiftLeft(24);
    private static final int DIGITS_IN_DOUBLE = 15;
    private static final int DIGITS_IN_FLOAT = 6;
    private static final int LETTERS_OF_UUID = 36;
    private static final int BYTES_OF_UUID = 16;
    private static final int BYTES_OF_CHARACTER = 4;

    static Fit of(Domain from, Domain to) {
        if (to instanceof Text text) {
            return intoText(from, text);
        }
        if (from instanceof Other || to instanceof Other) {
            return from.equals(to) ? ALL : some("the types are not known well enough to compare them");
        }
        if (from instanceof Whole whole) {
            return whole(whole, to);
        }
        if (from instanceof Decimal decimal) {
            return decimal(decimal, to);
        }
        if (from instanceof Approximate approximate) {
            return approximate(approximate, to);
        }
        if (from instanceof Moment moment) {
            return moment(moment, to);
        }
        if (from instanceof TimeOfDay time && to instanceof TimeOfDay wider) {
            return time(time, wider);
        }
        if (from instanceof Bytes bytes && to instanceof Bytes wider) {
            return bytes(bytes, wider);
        }
        if (from instanceof Text) {
            return text(to);
        }
        boolean isHeld = from.equals(to)
                || (from instanceof Truth && to instanceof Whole)
                || (from instanceof Day && to instanceof Moment)
                || (from instanceof Uuid && to instanceof Bytes wider && wider.max() >= BYTES_OF_UUID);
        return isHeld ? ALL : none();
    }

    private static Fit whole(Whole from, Domain to) {
        if (to instanceof Whole whole) {
            return whole.holds(from)
                    ? ALL
                    : some("numbers must be between " + whole.min() + " and " + whole.max(), outside(whole));
        }
        if (to instanceof Decimal decimal) {
            return !decimal.isLimited() || decimal.wholeDigits() >= from.digits()
                    ? ALL
                    : some("numbers have at most " + decimal.wholeDigits() + " digits", tooLarge(decimal));
        }
        if (to instanceof Approximate approximate) {
            BigInteger exact = approximate.bits() > 24 ? EXACT_IN_DOUBLE : EXACT_IN_FLOAT;
            return from.max().max(from.min().negate()).compareTo(exact) <= 0
                    ? ALL
                    : some(
                            "numbers beyond " + exact + " lose digits",
                            (column, product) -> "(" + column + " < -" + exact + " or " + column + " > " + exact + ")");
        }
        return to instanceof Truth
                ? some("only 0 and 1 are true or false", (column, product) -> column + " not in (0, 1)")
                : none();
    }

    private static Condition outside(Whole range) {
        return (column, product) -> "(" + column + " < " + range.min() + " or " + column + " > " + range.max() + ")";
    }

    private static Condition tooLarge(Decimal limit) {
        BigInteger bound = BigInteger.TEN.pow(limit.wholeDigits());
        return (column, product) -> "abs(" + column + ") >= " + bound;
    }

    private static Fit decimal(Decimal from, Domain to) {
        if (to instanceof Decimal decimal) {
            if (!decimal.isLimited()) {
                return ALL;
            }
            if (!from.isLimited() || from.wholeDigits() > decimal.wholeDigits()) {
                return some(
                        "numbers have at most " + decimal.wholeDigits() + " digits before the point"
                                + (from.isLimited() && from.scale() <= decimal.scale()
                                        ? ""
                                        : " and " + decimal.scale() + " behind it"),
                        (column, product) -> "(" + tooLarge(decimal).of(column, product) + " or " + column
                                + " <> round(" + column + ", " + decimal.scale() + "))");
            }
            return from.scale() <= decimal.scale()
                    ? ALL
                    : some(
                            "numbers have at most " + decimal.scale() + " digits behind the point",
                            (column, product) -> column + " <> round(" + column + ", " + decimal.scale() + ")");
        }
        if (to instanceof Whole whole) {
            boolean isWhole = from.isLimited() && from.scale() <= 0;
            boolean isSmall = from.isLimited()
                    && whole.holds(new Whole(
                            from.wholeDigits() <= 0
                                    ? BigInteger.ZERO
                                    : BigInteger.TEN
                                            .pow(from.wholeDigits())
                                            .negate()
                                            .add(BigInteger.ONE),
                            from.wholeDigits() <= 0
                                    ? BigInteger.ZERO
                                    : BigInteger.TEN.pow(from.wholeDigits()).subtract(BigInteger.ONE)));
            return isWhole && isSmall
                    ? ALL
                    : some(
                            "numbers must be whole and between " + whole.min() + " and " + whole.max(),
                            (column, product) -> "(" + column + " <> floor(" + column + ") or "
                                    + outside(whole).of(column, product) + ")");
        }
        if (to instanceof Approximate approximate) {
            int digits = approximate.bits() > 24 ? DIGITS_IN_DOUBLE : DIGITS_IN_FLOAT;
            return from.isLimited() && from.precision() <= digits ? ALL : some("digits beyond " + digits + " are lost");
        }
        return none();
    }

    private static Fit approximate(Approximate from, Domain to) {
        if (to instanceof Approximate approximate) {
            return from.bits() <= approximate.bits() ? ALL : some("numbers lose digits");
        }
        return to instanceof Decimal || to instanceof Whole
                ? some("floating point numbers may have more digits, or be larger, than is held")
                : none();
    }

    private static Fit moment(Moment from, Domain to) {
        if (!(to instanceof Moment moment)) {
            return none();
        }
        if (moment.isShort() && !from.isShort()) {
            return some(
                    "only moments from 1970 to 2038 are held",
                    (column, product) -> "(" + column
                            + " < " + product.moment("1970-01-02 00:00:00") + " or " + column + " > "
                            + product.moment("2038-01-18 00:00:00") + ")");
        }
        if (from.isZoned() != moment.isZoned()) {
            return some(
                    moment.isZoned()
                            ? "values have no time zone here, and become moments by taking them for UTC"
                            : "moments lose their time zone, and become UTC");
        }
        return digits(from.digits(), moment.digits(), moment);
    }

    private static Fit time(TimeOfDay from, TimeOfDay to) {
        return from.isZoned() != to.isZoned()
                ? some("times of day with and without a time zone are different values")
                : digits(from.digits(), to.digits(), to);
    }

    private static Fit digits(int from, int to, Domain narrow) {
        return to == Domain.NOT_SAID || from == Domain.NOT_SAID || from <= to
                ? ALL
                : some(
                        "seconds have at most " + to + " digits, and further ones are cut or rounded",
                        (column, product) ->
                                column + " <> cast(" + column + " as " + TypeSql.castType(product, narrow) + ")");
    }

    private static Fit bytes(Bytes from, Bytes to) {
        return to.max() >= Domain.UNLIMITED || from.max() <= to.max()
                ? ALL
                : some(
                        "at most " + to.max() + " bytes are held",
                        (column, product) -> product.bytes(column) + " > " + to.max());
    }

    private static Fit text(Domain to) {
        return to instanceof Uuid || to instanceof Json
                ? some("not every text is " + (to instanceof Uuid ? "a UUID" : "JSON"))
                : none();
    }

    private static Fit intoText(Domain from, Text to) {
        if (from instanceof Text text) {
            return textIntoText(text, to);
        }
        if (from instanceof Bytes || from instanceof Day || from instanceof Moment || from instanceof TimeOfDay) {
            return none();
        }
        long longest = from instanceof Whole whole
                ? whole.digits() + (whole.min().signum() < 0 ? 1 : 0)
                : from instanceof Decimal decimal && decimal.isLimited()
                        ? decimal.precision() + 3
                        : from instanceof Uuid
                                ? LETTERS_OF_UUID
                                : from instanceof Truth ? 5 : from instanceof Approximate ? 25 : Long.MAX_VALUE;
        return to.isUnlimited() || longest <= Math.min(to.characters(), to.bytes())
                ? ALL
                : some("at most " + Math.min(to.characters(), to.bytes()) + " characters are held");
    }

    private static Fit textIntoText(Text from, Text to) {
        boolean isLongEnough = to.characters() >= Domain.UNLIMITED || from.characters() <= to.characters();
        long most = from.characters() > Long.MAX_VALUE / BYTES_OF_CHARACTER
                ? from.bytes()
                : Math.min(from.bytes(), from.characters() * BYTES_OF_CHARACTER);
        boolean isLargeEnough = to.bytes() >= Domain.UNLIMITED || most <= to.bytes();
        if (!isLongEnough && to.bytes() >= Domain.UNLIMITED) {
            return some(
                    "at most " + to.characters() + " characters are held",
                    (column, product) -> "char_length(" + column + ") > " + to.characters());
        }
        if (!isLongEnough || !isLargeEnough) {
            return some(
                    "at most " + to.bytes() + " bytes are held",
                    (column, product) -> product.bytes(column) + " > " + to.bytes());
        }
        if (from.isUnicode() && !to.isUnicode()) {
            return some("not every character is held by the character set");
        }
        return to.isPadded() && !from.isPadded()
                ? some("spaces at the end are lost", (column, product) -> product.endsInSpace(column))
                : ALL;
    }

    private static Fit some(String why) {
        return new Fit(Degree.SOME, why, null);
    }

    private static Fit some(String why, Condition misfit) {
        return new Fit(Degree.SOME, why, misfit);
    }

    private static Fit none() {
        return new Fit(
                Degree.NONE,
                "a value does not become one of this type by itself; derive(..) the column in the mapping",
                null);
    }
}
