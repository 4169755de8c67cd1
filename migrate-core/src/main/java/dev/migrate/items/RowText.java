package dev.migrate.items;

import dev.migrate.MigrationException;
import dev.migrate.internal.CanonicalKeys;
import dev.migrate.table.Column;
import dev.migrate.table.Fields;
import dev.migrate.table.Shape;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Rows as bytes: the names of the columns in lower case and in order, each with its value's text or none for NULL.
 *
 * <p>Equal rows of tables with equal columns give equal bytes. Columns that the database computes are left out.
 */
final class RowText {
    private static final String FORMAT = "row-1";
    private static final Set<String> NOT_A_NUMBER = Set.of("NaN", "Infinity", "-Infinity");
    private final Shape shape;

    RowText(Shape shape) {
        this.shape = shape;
    }

    byte[] bytes(Fields fields) {
        TreeMap<String, Object> values = new TreeMap<>();
        for (Column column : shape.columns()) {
            if (!column.isComputed()) {
                Object value = fields.get(column.name());
                values.put(
                        column.name().toLowerCase(Locale.ROOT),
                        value == null ? List.of() : List.of(text(value, column.kind())));
            }
        }
        List<Object> parts = new ArrayList<>();
        parts.add(FORMAT);
        values.forEach((name, value) -> parts.addAll(List.of(name, value)));
        return CanonicalKeys.encode(parts).getBytes(StandardCharsets.UTF_8);
    }

    /** The values of bytes that {@link #bytes} has made, of a table with the same columns. */
    Fields fields(byte[] bytes) {
        List<?> parts;
        try {
            parts = (List<?>) CanonicalKeys.decode(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | ClassCastException malformed) {
            throw refused("is none");
        }
        if (parts.size() % 2 == 0 || !FORMAT.equals(parts.get(0))) {
            throw refused("is not of the form '" + FORMAT + "'");
        }
        List<String> names = new ArrayList<>();
        List<@Nullable Object> values = new ArrayList<>();
        for (int at = 1; at < parts.size(); at += 2) {
            Column column = shape.column((String) parts.get(at));
            List<?> value = (List<?>) parts.get(at + 1);
            names.add(column.name());
            values.add(value.isEmpty() ? null : value((String) value.get(0), column));
        }
        return new Fields(new Fields.Names(names), values.toArray());
    }

    private MigrationException refused(String why) {
        return new MigrationException("content for table '" + shape.table()
                + "' must be a row that TableItems has read, but " + why
                + "; copy rows between tables, or collections that"
                + " were filled from one");
    }

    private static String text(Object value, Column.Kind kind) {
        if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        if (value instanceof BigDecimal number) {
            return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
        }
        return kind == Column.Kind.PADDED_TEXT ? value.toString().stripTrailing() : value.toString();
    }

    private Object value(String text, Column column) {
        try {
            return switch (column.kind()) {
                case INTEGER -> Long.valueOf(text);
                case DECIMAL -> NOT_A_NUMBER.contains(text) ? Double.valueOf(text) : new BigDecimal(text);
                case DOUBLE -> Double.valueOf(text);
                case FLOAT -> Float.valueOf(text);
                case BYTES -> Base64.getDecoder().decode(text);
                case BOOLEAN -> Boolean.valueOf(text);
                case DATE -> LocalDate.parse(text);
                case TIME -> LocalTime.parse(text);
                case TIMESTAMP -> LocalDateTime.parse(text);
                case INSTANT -> Instant.parse(text);
                case UUID -> UUID.fromString(text);
                case TEXT, PADDED_TEXT, JSON, OTHER -> text;
                case UNSUPPORTED -> throw new IllegalArgumentException("not carried");
            };
        } catch (RuntimeException other) {
            throw refused("its column '" + column.name() + "' is not of the kind " + column.kind());
        }
    }
}
