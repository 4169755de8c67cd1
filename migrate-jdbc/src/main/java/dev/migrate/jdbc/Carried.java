package dev.migrate.jdbc;

import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import dev.migrate.table.Objection;
import dev.migrate.table.Objection.Rule;
import dev.migrate.table.OwnForm;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.temporal.Temporal;
import java.util.List;
import java.util.Optional;

/** What {@link Cells#convert} makes of a value on its way to a column: why it makes nothing of it, or what it loses. */
final class Carried {
    private Carried() {}

    /** Why a value, which is not NULL, could not be converted. */
    static Objection refused(Column column, Object value) {
        boolean isToNumber = column.kind() == Kind.INTEGER || column.kind() == Kind.DECIMAL;
        if (isToNumber && value instanceof BigDecimal number) {
            return number.stripTrailingZeros().scale() > 0
                    ? found(column, Rule.PRECISION, "numbers must be whole")
                    : beyond(column);
        }
        if (isToNumber && value instanceof BigInteger) {
            return beyond(column);
        }
        if (value instanceof OwnForm) {
            return found(column, Rule.RANGE, "the time is none of the calendar and the day, as only MariaDB has them");
        }
        if (column.kind() == Kind.DECIMAL && value instanceof Number) {
            return found(column, Rule.RANGE, "only finite numbers are held");
        }
        if ((column.kind() == Kind.DOUBLE || column.kind() == Kind.FLOAT) && value instanceof Number) {
            return found(column, Rule.RANGE, "the number is too large");
        }
        return found(
                column,
                Rule.TYPE,
                (value instanceof String
                                ? "the text"
                                : "a value of " + value.getClass().getSimpleName())
                        + " does not become a value of kind " + column.kind());
    }

    private static Objection beyond(Column column) {
        return found(column, Rule.RANGE, "numbers must be between " + Long.MIN_VALUE + " and " + Long.MAX_VALUE);
    }

    /** What is lost where a value was converted without complaint. */
    static Optional<Objection> lost(Column column, Object value, Object converted) {
        if (converted instanceof String && (value instanceof byte[] || value instanceof Temporal)) {
            return Optional.of(found(column, Rule.TYPE, "bytes and times become a text that is not equal to them"));
        }
        if (!(value instanceof Number number)) {
            return Optional.empty();
        }
        if (converted instanceof Boolean) {
            return number.doubleValue() == 0 || number.doubleValue() == 1
                    ? Optional.empty()
                    : Optional.of(found(column, Rule.TYPE, "only 0 and 1 are true or false"));
        }
        boolean isFloating = converted instanceof Double || converted instanceof Float;
        if (!isFloating || converted.equals(value)) {
            return Optional.empty();
        }
        if (Cells.isNotFinite(converted)) {
            return Optional.empty();
        }
        return new BigDecimal(converted.toString()).compareTo(new BigDecimal(number.toString())) == 0
                ? Optional.empty()
                : Optional.of(found(column, Rule.PRECISION, "digits of the number are lost"));
    }

    private static Objection found(Column column, Rule rule, String what) {
        return new Objection(rule, List.of(column.name()), what);
    }
}
