package dev.migrate.jdbc.schema;

import dev.migrate.jdbc.schema.Domain.Approximate;
import dev.migrate.jdbc.schema.Domain.Bytes;
import dev.migrate.jdbc.schema.Domain.Day;
import dev.migrate.jdbc.schema.Domain.Decimal;
import dev.migrate.jdbc.schema.Domain.Json;
import dev.migrate.jdbc.schema.Domain.Moment;
import dev.migrate.jdbc.schema.Domain.Text;
import dev.migrate.jdbc.schema.Domain.TimeOfDay;
import dev.migrate.jdbc.schema.Domain.Truth;
import dev.migrate.jdbc.schema.Domain.Uuid;
import dev.migrate.jdbc.schema.Domain.Whole;
import org.jspecify.annotations.Nullable;

/** The type by which a product holds a domain. */
final class TypeSql {
    /** MariaDB's rows hold 65,535 bytes, of which a character may need four. */
    private static final long LONGEST_OF_MARIADB = 16_383;

    private static final long LONGEST = 10_000_000;
    private static final int DIGITS_OF_MARIADB = 65;
    private static final int SCALE_OF_MARIADB = 30;

    private TypeSql() {}

    /** A type that holds all of a domain; null where the product has none that is known to. */
    static @Nullable String of(Product product, Domain domain) {
        boolean isMariaDb = product.isLikeMariaDb();
        if (domain instanceof Whole whole) {
            return whole(isMariaDb, whole);
        }
        if (domain instanceof Decimal decimal) {
            return decimal(product, decimal);
        }
        if (domain instanceof Approximate approximate) {
            return approximate.bits() > 24 ? isMariaDb ? "double" : "double precision" : isMariaDb ? "float" : "real";
        }
        if (domain instanceof Text text) {
            return text(product, text);
        }
        if (domain instanceof Bytes bytes) {
            return bytes(product, bytes);
        }
        if (domain instanceof Moment moment) {
            return isMariaDb && moment.isZoned() && !moment.isShort() ? null : castType(product, moment);
        }
        return domain instanceof TimeOfDay time && (!isMariaDb || !time.isZoned())
                ? castType(product, time)
                : domain instanceof Truth
                        ? "boolean"
                        : domain instanceof Day
                                ? "date"
                                : domain instanceof Uuid && product != Product.MYSQL
                                        ? "uuid"
                                        : domain instanceof Json ? "json" : null;
    }

    /** A type of times, as in a cast. */
    static String castType(Product product, Domain domain) {
        if (domain instanceof Moment moment) {
            String size = size(product, moment.digits());
            return product.isLikeMariaDb()
                    ? (moment.isShort() ? "timestamp" : "datetime") + size
                    : "timestamp" + size + (moment.isZoned() ? " with time zone" : "");
        }
        TimeOfDay time = (TimeOfDay) domain;
        return "time" + size(product, time.digits()) + (time.isZoned() ? " with time zone" : "");
    }

    private static String size(Product product, int digits) {
        int most = product == Product.H2 || product == Product.STANDARD ? 9 : 6;
        return digits == Domain.NOT_SAID ? "" : "(" + Math.min(digits, most) + ")";
    }

    private static String whole(boolean isMariaDb, Whole whole) {
        if (Whole.signed(16).holds(whole)) {
            return "smallint";
        }
        if (Whole.signed(32).holds(whole)) {
            return isMariaDb ? "int" : "integer";
        }
        return Whole.signed(64).holds(whole)
                ? "bigint"
                : (isMariaDb ? "decimal(" : "numeric(") + whole.digits() + ",0)";
    }

    private static String decimal(Product product, Decimal decimal) {
        if (product.isLikeMariaDb()) {
            return decimal.isLimited() && decimal.precision() <= DIGITS_OF_MARIADB
                    ? "decimal(" + decimal.precision() + "," + decimal.scale() + ")"
                    : "decimal(" + DIGITS_OF_MARIADB + "," + SCALE_OF_MARIADB + ")";
        }
        return decimal.isLimited()
                ? "numeric(" + decimal.precision() + "," + decimal.scale() + ")"
                : product == Product.H2 ? "decfloat" : "numeric";
    }

    private static String text(Product product, Text text) {
        long characters = Math.min(text.characters(), text.bytes());
        long most = product.isLikeMariaDb() ? LONGEST_OF_MARIADB : LONGEST;
        if (characters <= most && characters > 0) {
            boolean isShort = !product.isLikeMariaDb() || characters <= 255;
            return (text.isPadded() && isShort ? "char(" : "varchar(") + characters + ")";
        }
        return switch (product) {
            case POSTGRESQL -> "text";
            case MARIADB, MYSQL -> characters <= 4_194_303 ? "mediumtext" : "longtext";
            case H2, STANDARD -> "character large object";
        };
    }

    private static String bytes(Product product, Bytes bytes) {
        return switch (product) {
            case POSTGRESQL -> "bytea";
            case MARIADB, MYSQL ->
                bytes.max() <= LONGEST_OF_MARIADB
                        ? "varbinary(" + bytes.max() + ")"
                        : bytes.max() <= 16_777_215 ? "mediumblob" : "longblob";
            case H2, STANDARD -> bytes.max() <= LONGEST ? "varbinary(" + bytes.max() + ")" : "binary large object";
        };
    }
}
