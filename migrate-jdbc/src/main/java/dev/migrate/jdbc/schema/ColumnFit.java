package dev.migrate.jdbc.schema;

import dev.migrate.jdbc.schema.Domain.Approximate;
import dev.migrate.jdbc.schema.Domain.Bytes;
import dev.migrate.jdbc.schema.Domain.Day;
import dev.migrate.jdbc.schema.Domain.Decimal;
import dev.migrate.jdbc.schema.Domain.Moment;
import dev.migrate.jdbc.schema.Domain.Text;
import dev.migrate.jdbc.schema.Domain.TimeOfDay;
import dev.migrate.jdbc.schema.Domain.Truth;
import dev.migrate.jdbc.schema.Domain.Uuid;
import dev.migrate.jdbc.schema.Domain.Whole;
import dev.migrate.jdbc.schema.Model.Field;
import dev.migrate.jdbc.schema.Model.Generation;
import dev.migrate.table.Column.Kind;
import dev.migrate.table.Objection;
import dev.migrate.table.Objection.Rule;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a column makes of one value: what {@link Fit} says of a domain, said of a value. */
final class ColumnFit {
    private static final int NANOS = 9;
    private static final int LAST_YEAR_OF_MARIADB = 9_999;
    private static final int LAST_YEAR_OF_TIMESTAMP = 294_276;
    private static final int LAST_YEAR_OF_DATE = 5_874_897;
    private static final int FIRST_YEAR_OF_POSTGRESQL = -4_712;
    private final Product product;
    private final Field field;
    private final Kind kind;
    private final Session session;
    private final @Nullable TextFit text;

    /**
     * What the session of a database says of values.
     *
     * @param encoding PostgreSQL's; null of another product
     * @param clock MariaDB's; null of another product
     * @param keepsZero whether zero is kept in a column that is generated
     */
    record Session(@Nullable String encoding, @Nullable SessionClock clock, boolean keepsZero) {}

    ColumnFit(Product product, Field field, Kind kind, Session session) {
        this.product = product;
        this.field = field;
        this.kind = kind;
        this.session = session;
        this.text = field.domain() instanceof Text domain
                ? new TextFit(product, field, domain, characters(product, field, session))
                : null;
    }

    private static @Nullable CharacterSets characters(Product product, Field field, Session session) {
        if (product.isLikeMariaDb()) {
            String collation = field.collation();
            return collation == null ? null : CharacterSets.ofCollation(collation);
        }
        return session.encoding() == null ? null : CharacterSets.ofEncoding(session.encoding());
    }

    /** What of the column's values cannot be told; empty where everything can. */
    Optional<String> unseen() {
        boolean isText = field.domain() instanceof Text && (product.isLikeMariaDb() || product == Product.POSTGRESQL);
        if (isText && isJudged() && characters(product, field, session) == null) {
            return Optional.of("column '" + field.name() + "' has a character set that is not known here");
        }
        boolean isOfUnknownZone = field.domain() instanceof Moment moment
                && moment.isShort()
                && session.clock() != null
                && session.clock().zone() == null;
        return isOfUnknownZone
                ? Optional.of(
                        "column '" + field.name() + "' takes local times in the sessions' time zone, which is not known"
                                + " here; set time_zone to a name or an offset")
                : Optional.empty();
    }

    /** Whether its values are understood here; else only the database can tell. */
    boolean isJudged() {
        Domain domain = field.domain();
        return switch (kind) {
            case INTEGER -> domain instanceof Whole || domain instanceof Truth;
            case DECIMAL -> domain instanceof Decimal || domain instanceof Whole;
            case DOUBLE, FLOAT -> domain instanceof Approximate;
            case TEXT, PADDED_TEXT -> domain instanceof Text && !isEnumeration(field);
            case BYTES -> domain instanceof Bytes;
            case BOOLEAN -> domain instanceof Truth;
            case DATE -> domain instanceof Day;
            case TIME -> domain instanceof TimeOfDay;
            case TIMESTAMP, INSTANT -> domain instanceof Moment;
            case UUID -> domain instanceof Uuid;
            case JSON, OTHER, UNSUPPORTED -> false;
        };
    }

    static boolean isEnumeration(Field field) {
        return field.type().startsWith("enum(");
    }

    /** Whether two values are equal to the database only where they are the same. */
    boolean isExact() {
        if (!isJudged()) {
            return false;
        }
        if (!(field.domain() instanceof Text)) {
            return true;
        }
        String collation = field.collation();
        return product.isLikeMariaDb()
                ? collation != null
                        && (collation.endsWith("_nopad_bin")
                                || collation.endsWith("_0900_bin")
                                || collation.equals("binary"))
                : product != Product.STANDARD && !field.ignoresCase();
    }

    /** Whether NULL, or a value in the type that its kind says, is held as it is; why not, where it is not. */
    Optional<Objection> judge(@Nullable Object value) {
        if (value == null) {
            return field.isNullable() ? Optional.empty() : found(Rule.NOT_NULL, "NULL is refused, or replaced");
        }
        if (!isJudged()) {
            return Optional.empty();
        }
        if (value instanceof Long number) {
            return integer(BigInteger.valueOf(number));
        }
        if (value instanceof BigDecimal number) {
            return field.domain() instanceof Decimal decimal ? decimal(number, decimal) : whole(number);
        }
        if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            return Double.isFinite(number) || holdsSpecial(number)
                    ? Optional.empty()
                    : found(Rule.RANGE, "only finite numbers are held");
        }
        if (value instanceof String words && text != null) {
            return text.judge(words);
        }
        if (value instanceof byte[] bytes && field.domain() instanceof Bytes domain) {
            return bytes(bytes.length, domain.max());
        }
        return time(value);
    }

    /** PostgreSQL's NUMERIC has NaN, and infinities where its digits are not limited; H2's DECFLOAT has both. */
    private boolean holdsSpecial(double number) {
        return field.domain() instanceof Decimal decimal
                ? (product == Product.POSTGRESQL && (Double.isNaN(number) || !decimal.isLimited()))
                        || (product == Product.H2 && !decimal.isLimited())
                : !product.isLikeMariaDb();
    }

    private Optional<Objection> whole(BigDecimal number) {
        return number.stripTrailingZeros().scale() > 0
                ? found(Rule.PRECISION, "numbers must be whole")
                : integer(number.toBigInteger());
    }

    private Optional<Objection> integer(BigInteger number) {
        boolean isUnsigned = field.type().contains("unsigned");
        if (number.signum() == 0 && field.type().startsWith("year")) {
            return Optional.empty();
        }
        Whole range = field.domain() instanceof Whole whole ? whole : isUnsigned ? Whole.unsigned(8) : Whole.signed(8);
        if (number.compareTo(range.min()) < 0 || number.compareTo(range.max()) > 0) {
            return found(Rule.RANGE, "numbers must be between " + range.min() + " and " + range.max());
        }
        return number.signum() == 0
                        && product.isLikeMariaDb()
                        && field.generation() != Generation.NONE
                        && !session.keepsZero()
                ? found(Rule.GENERATED, "0 is replaced by the next generated number")
                : Optional.empty();
    }

    private Optional<Objection> decimal(BigDecimal number, Decimal decimal) {
        if (!decimal.isLimited()) {
            return Optional.empty();
        }
        BigDecimal held = number.setScale(decimal.scale(), RoundingMode.HALF_UP);
        if (held.abs().compareTo(BigDecimal.ONE.scaleByPowerOfTen(decimal.wholeDigits())) >= 0) {
            return found(Rule.RANGE, "numbers have at most " + decimal.wholeDigits() + " digits before the point");
        }
        return held.compareTo(number) != 0
                ? found(Rule.PRECISION, "numbers have at most " + decimal.scale() + " digits behind the point")
                : Optional.empty();
    }

    private Optional<Objection> bytes(int length, long most) {
        if (length > most) {
            return found(Rule.LENGTH, "at most " + most + " bytes are held");
        }
        return length < most && field.type().startsWith("binary(")
                ? found(Rule.LENGTH, "values of fewer than " + most + " bytes are filled up with zeros")
                : Optional.empty();
    }

    private Optional<Objection> time(Object value) {
        if (value instanceof LocalDate day) {
            return range(day.getYear(), LAST_YEAR_OF_DATE, day.equals(LocalDate.MAX) || day.equals(LocalDate.MIN));
        }
        if (value instanceof LocalTime time && field.domain() instanceof TimeOfDay domain) {
            boolean isEndOfDay = product == Product.POSTGRESQL && time.equals(LocalTime.MAX); // 24:00:00
            return isEndOfDay ? Optional.empty() : fraction(time, domain.digits());
        }
        if (value instanceof Instant moment && field.domain() instanceof Moment domain) {
            boolean isInfinite = moment.equals(Instant.MAX) || moment.equals(Instant.MIN);
            int year = isInfinite ? 0 : moment.atOffset(ZoneOffset.UTC).getYear();
            return range(year, LAST_YEAR_OF_TIMESTAMP, isInfinite)
                    .or(() -> isInfinite ? Optional.empty() : fraction(moment, domain.digits()));
        }
        return value instanceof LocalDateTime local && field.domain() instanceof Moment domain
                ? local(local, domain)
                : Optional.empty();
    }

    private Optional<Objection> local(LocalDateTime time, Moment domain) {
        boolean isInfinite = time.equals(LocalDateTime.MAX) || time.equals(LocalDateTime.MIN);
        SessionClock clock = session.clock();
        Optional<Objection> beyond = range(time.getYear(), LAST_YEAR_OF_TIMESTAMP, isInfinite);
        if (beyond.isPresent() || isInfinite) {
            return beyond;
        }
        if (domain.isShort() && clock != null) {
            if (!clock.holds(time)) {
                return found(Rule.RANGE, clock.range());
            }
            Optional<String> wrong = clock.wrong(time);
            if (wrong.isPresent()) {
                return found(Rule.TIME_ZONE, wrong.get());
            }
        }
        return fraction(time, domain.digits());
    }

    /** Infinity is PostgreSQL's alone; its calendar ends, and MariaDB's sooner. */
    private Optional<Objection> range(int year, int last, boolean isInfinite) {
        boolean isHeld = switch (product) {
            case POSTGRESQL -> isInfinite || (year >= FIRST_YEAR_OF_POSTGRESQL && year <= last);
            case MARIADB, MYSQL -> !isInfinite && year >= 0 && year <= LAST_YEAR_OF_MARIADB;
            case H2, STANDARD -> !isInfinite;
        };
        return isHeld ? Optional.empty() : found(Rule.RANGE, "the time is beyond the calendar of " + product.word());
    }

    private Optional<Objection> fraction(TemporalAccessor time, int digits) {
        if (digits == Domain.NOT_SAID || digits >= NANOS) {
            return Optional.empty();
        }
        long unit = BigInteger.TEN.pow(NANOS - digits).longValue();
        return time.get(ChronoField.NANO_OF_SECOND) % unit != 0
                ? found(
                        Rule.FRACTION,
                        "seconds have at most " + digits + " digits, and further ones are cut or rounded")
                : Optional.empty();
    }

    private Optional<Objection> found(Rule rule, String what) {
        return Optional.of(new Objection(rule, List.of(field.name()), what));
    }
}
