package dev.migrate.jdbc.schema;

import dev.migrate.jdbc.schema.Domain.Bytes;
import dev.migrate.jdbc.schema.Domain.Decimal;
import dev.migrate.jdbc.schema.Domain.Moment;
import dev.migrate.jdbc.schema.Domain.Text;
import dev.migrate.jdbc.schema.Domain.TimeOfDay;
import dev.migrate.jdbc.schema.Domain.Whole;
import org.jspecify.annotations.Nullable;

/** The smallest domain that holds the values of two. */
final class Widened {
    private Widened() {}

    /** A domain that holds all of both; null where there is none that is known. */
    static @Nullable Domain of(Domain one, Domain other) {
        if (Fit.of(one, other).degree() == Fit.Degree.ALL) {
            return other;
        }
        if (Fit.of(other, one).degree() == Fit.Degree.ALL) {
            return one;
        }
        if (one instanceof Whole a && other instanceof Whole b) {
            return new Whole(a.min().min(b.min()), a.max().max(b.max()));
        }
        if (one instanceof Decimal a && other instanceof Decimal b) {
            int scale = Math.max(a.scale(), b.scale());
            return new Decimal(Math.max(a.wholeDigits(), b.wholeDigits()) + scale, scale, true);
        }
        if (one instanceof Decimal a && a.isLimited() && other instanceof Whole b) {
            return new Decimal(Math.max(a.wholeDigits(), b.digits()) + a.scale(), a.scale(), true);
        }
        if (one instanceof Whole && other instanceof Decimal) {
            return of(other, one);
        }
        if (one instanceof Text a && other instanceof Text b) {
            return new Text(
                    Math.max(a.characters(), b.characters()),
                    Long.MAX_VALUE,
                    a.isPadded() && b.isPadded(),
                    a.isUnicode() || b.isUnicode());
        }
        if (one instanceof Bytes a && other instanceof Bytes b) {
            return new Bytes(Math.max(a.max(), b.max()));
        }
        if (one instanceof Moment a && other instanceof Moment b && a.isZoned() == b.isZoned()) {
            return new Moment(Math.max(a.digits(), b.digits()), a.isZoned(), a.isShort() && b.isShort());
        }
        return one instanceof TimeOfDay a && other instanceof TimeOfDay b && a.isZoned() == b.isZoned()
                ? new TimeOfDay(Math.max(a.digits(), b.digits()), a.isZoned())
                : null;
    }
}
