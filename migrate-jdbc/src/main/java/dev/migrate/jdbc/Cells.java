package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values of columns on their way between a database and Java, in the types that {@link Kind} says. */
final class Cells {
    private Cells() {}

    static @Nullable Object read(ResultSet row, int at, Kind kind) throws SQLException {
        Object value = switch (kind) {
            case INTEGER -> row.getLong(at);
            case DECIMAL -> row.getBigDecimal(at);
            case DOUBLE -> row.getDouble(at);
            case FLOAT -> row.getFloat(at);
            case TEXT, JSON, OTHER -> row.getString(at);
            case UNSUPPORTED -> null;
            case PADDED_TEXT -> unpadded(row.getString(at));
            case BYTES -> row.getBytes(at);
            case BOOLEAN -> row.getBoolean(at);
            case DATE -> row.getObject(at, LocalDate.class);
            case TIME -> row.getObject(at, LocalTime.class);
            case TIMESTAMP -> row.getObject(at, LocalDateTime.class);
            case INSTANT -> instant(row.getObject(at, OffsetDateTime.class));
            case UUID -> uuid(row, at);
        };
        return value == null || row.wasNull() ? null : value;
    }

    private static @Nullable String unpadded(@Nullable String text) {
        if (text == null) {
            return null;
        }
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime value) {
        return value == null
                ? null
                : value.equals(OffsetDateTime.MAX)
                        ? Instant.MAX
                        : value.equals(OffsetDateTime.MIN) ? Instant.MIN : value.toInstant();
    }

    private static @Nullable UUID uuid(ResultSet row, int at) throws SQLException {
        Object value = row.getObject(at);
        return value == null ? null : value instanceof UUID uuid ? uuid : UUID.fromString(row.getString(at));
    }

    static void bind(PreparedStatement statement, int at, @Nullable Object value, Column column) throws SQLException {
        Object converted = convert(value, column.kind());
        if (converted == null) {
            statement.setNull(at, sqlType(column.kind()));
            return;
        }
        switch (column.kind()) {
            case INTEGER -> statement.setLong(at, (Long) converted);
            case DOUBLE -> statement.setDouble(at, (Double) converted);
            case FLOAT -> statement.setFloat(at, (Float) converted);
            case BYTES -> statement.setBytes(at, (byte[]) converted);
            case TEXT, PADDED_TEXT -> statement.setString(at, (String) converted);
            case INSTANT -> statement.setObject(at, offset((Instant) converted));
            case JSON, OTHER -> statement.setObject(at, converted, Types.OTHER);
            default -> statement.setObject(at, converted);
        }
    }

    static OffsetDateTime offset(Instant value) {
        return value.equals(Instant.MAX)
                ? OffsetDateTime.MAX
                : value.equals(Instant.MIN) ? OffsetDateTime.MIN : value.atOffset(ZoneOffset.UTC);
    }

    private static int sqlType(Kind kind) {
        return switch (kind) {
            case INTEGER -> Types.BIGINT;
            case DECIMAL -> Types.NUMERIC;
            case DOUBLE -> Types.DOUBLE;
            case FLOAT -> Types.REAL;
            case TEXT, PADDED_TEXT -> Types.VARCHAR;
            case BYTES -> Types.VARBINARY;
            case BOOLEAN -> Types.BOOLEAN;
            case DATE -> Types.DATE;
            case TIME -> Types.TIME;
            case TIMESTAMP -> Types.TIMESTAMP;
            case INSTANT -> Types.TIMESTAMP_WITH_TIMEZONE;
            case UUID, JSON, OTHER, UNSUPPORTED -> Types.OTHER;
        };
    }

    /** A value of any kind as one of another kind; refused where that would not be exact or makes no sense. */
    static @Nullable Object convert(@Nullable Object value, Kind kind) {
        if (value == null) {
            return null;
        }
        Object converted = switch (kind) {
            case INTEGER -> integer(value);
            case DECIMAL -> decimal(value);
            case DOUBLE -> value instanceof Number number ? floating(number, number.doubleValue()) : null;
            case FLOAT -> value instanceof Number number ? floating(number, number.floatValue()) : null;
            case TEXT, PADDED_TEXT, JSON, OTHER -> text(value);
            case UNSUPPORTED -> null;
            case BYTES -> bytes(value);
            case BOOLEAN ->
                value instanceof Boolean
                        ? value
                        : value instanceof Number number ? (Object) (number.longValue() != 0) : null;
            case DATE -> value instanceof Date date ? date.toLocalDate() : value instanceof LocalDate ? value : null;
            case TIME -> value instanceof LocalTime ? value : null;
            case TIMESTAMP -> timestamp(value);
            case INSTANT ->
                value instanceof OffsetDateTime offset
                        ? offset.toInstant()
                        : value instanceof Instant
                                ? value
                                : value instanceof LocalDateTime local ? moment(local) : null;
            case UUID -> value instanceof UUID ? value : value instanceof String text ? UUID.fromString(text) : null;
        };
        if (converted == null) {
            throw new MigrationException("a value of " + value.getClass().getSimpleName()
                    + " cannot be written to a column of kind " + kind + "; derive(..) the column in the mapping");
        }
        return converted;
    }

    private static @Nullable Object timestamp(Object value) {
        return value instanceof LocalDateTime
                ? value
                : value instanceof Instant instant
                        ? local(instant)
                        : value instanceof LocalDate date
                                ? beginning(date)
                                : value instanceof java.sql.Timestamp stamp ? stamp.toLocalDateTime() : null;
    }

    private static Instant moment(LocalDateTime local) {
        return local.equals(LocalDateTime.MAX)
                ? Instant.MAX
                : local.equals(LocalDateTime.MIN) ? Instant.MIN : local.toInstant(ZoneOffset.UTC);
    }

    private static LocalDateTime local(Instant moment) {
        return moment.equals(Instant.MAX)
                ? LocalDateTime.MAX
                : moment.equals(Instant.MIN) ? LocalDateTime.MIN : LocalDateTime.ofInstant(moment, ZoneOffset.UTC);
    }

    private static LocalDateTime beginning(LocalDate day) {
        return day.equals(LocalDate.MAX)
                ? LocalDateTime.MAX
                : day.equals(LocalDate.MIN) ? LocalDateTime.MIN : day.atStartOfDay();
    }

    /** A number that is too large becomes no infinity. */
    private static @Nullable Number floating(Number value, Number converted) {
        return isNotFinite(converted) && !isNotFinite(value) ? null : converted;
    }

    /** Whether a value is NaN or an infinity. */
    static boolean isNotFinite(@Nullable Object value) {
        return (value instanceof Double || value instanceof Float) && !Double.isFinite(((Number) value).doubleValue());
    }

    /** NaN or an infinity for a decimal column; null where the value is none. */
    static @Nullable Double specialDecimal(@Nullable Object value, Kind kind) {
        return kind == Kind.DECIMAL && value instanceof Number number && isNotFinite(number)
                ? (Double) number.doubleValue()
                : null;
    }

    private static @Nullable Object integer(Object value) {
        return value instanceof Long
                ? value
                : value instanceof BigDecimal decimal
                        ? (Object) decimal.longValueExact()
                        : value instanceof BigInteger big
                                ? (Object) big.longValueExact()
                                : value instanceof Integer || value instanceof Short || value instanceof Byte
                                        ? (Object) ((Number) value).longValue()
                                        : value instanceof Boolean flag
                                                ? (Object) (flag ? 1L : 0L)
                                                : value instanceof String text ? (Object) Long.parseLong(text) : null;
    }

    private static @Nullable Object decimal(Object value) {
        return value instanceof BigDecimal
                ? value
                : value instanceof BigInteger big
                        ? new BigDecimal(big)
                        : value instanceof Double || value instanceof Float
                                ? BigDecimal.valueOf(((Number) value).doubleValue())
                                : value instanceof Number number
                                        ? BigDecimal.valueOf(number.longValue())
                                        : value instanceof String text ? new BigDecimal(text) : null;
    }

    private static byte @Nullable [] bytes(Object value) {
        return value instanceof byte[] bytes
                ? bytes
                : value instanceof UUID uuid
                        ? java.nio.ByteBuffer.allocate(16)
                                .putLong(uuid.getMostSignificantBits())
                                .putLong(uuid.getLeastSignificantBits())
                                .array()
                        : null;
    }

    /** A value as text, the same for the same value everywhere. */
    static String text(Object value) {
        return value instanceof BigDecimal decimal
                ? decimal.stripTrailingZeros().toPlainString()
                : value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value.toString();
    }

    /** Reads what {@link #text} gives. */
    static Object parse(String text, Kind kind) {
        return switch (kind) {
            case INTEGER -> Long.valueOf(text);
            case DECIMAL -> new BigDecimal(text);
            case DOUBLE -> Double.valueOf(text);
            case FLOAT -> Float.valueOf(text);
            case TEXT, PADDED_TEXT, JSON, OTHER, UNSUPPORTED -> text;
            case BYTES -> HexFormat.of().parseHex(text);
            case BOOLEAN -> Boolean.valueOf(text);
            case DATE -> LocalDate.parse(text);
            case TIME -> LocalTime.parse(text);
            case TIMESTAMP -> LocalDateTime.parse(text);
            case INSTANT -> Instant.parse(text);
            case UUID -> UUID.fromString(text);
        };
    }
}
