package dev.migrate.jdbc;

import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import dev.migrate.table.Fields;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The text format of PostgreSQL's COPY: a row a line, tabs between values, {@code \N} for NULL. */
final class CopyText {
    private static final int LAST_YEAR_WITHOUT_SIGN = 9_999;

    private CopyText() {}

    static void append(StringBuilder to, Fields row, List<Column> columns) {
        for (int at = 0; at < columns.size(); at++) {
            if (at > 0) {
                to.append('\t');
            }
            Kind kind = columns.get(at).kind();
            Double special = Cells.specialDecimal(row.at(at), kind);
            append(to, special != null ? special : Cells.convert(row.at(at), kind));
        }
        to.append('\n');
    }

    private static void append(StringBuilder to, @Nullable Object value) {
        if (value == null) {
            to.append("\\N");
        } else if (value instanceof String text) {
            escape(to, text);
        } else if (value instanceof byte[] bytes) {
            to.append("\\\\x").append(HexFormat.of().formatHex(bytes));
        } else if (value instanceof Boolean flag) {
            to.append(flag ? 't' : 'f');
        } else if (value instanceof BigDecimal decimal) {
            to.append(decimal.toPlainString());
        } else {
            to.append(infinite(value));
        }
    }

    private static String infinite(Object value) {
        if (value.equals(LocalDateTime.MAX) || value.equals(LocalDate.MAX) || value.equals(Instant.MAX)) {
            return "infinity";
        }
        if (value.equals(LocalDateTime.MIN) || value.equals(LocalDate.MIN) || value.equals(Instant.MIN)) {
            return "-infinity";
        }
        return value instanceof LocalDate day
                ? era(day, day.toString())
                : value instanceof LocalDateTime local
                        ? era(local.toLocalDate(), local.toString())
                        : value instanceof Instant moment
                                ? era(LocalDate.ofInstant(moment, ZoneOffset.UTC), moment.toString())
                                : value.toString();
    }

    /** Java has a year 0 and signs; PostgreSQL has years before Christ, and no sign. */
    private static String era(LocalDate day, String text) {
        int year = day.getYear();
        if (year >= 1 && year <= LAST_YEAR_WITHOUT_SIGN) {
            return text;
        }
        String yearOfEra = "%04d".formatted(day.get(ChronoField.YEAR_OF_ERA));
        return yearOfEra + text.substring(text.indexOf('-', 1)) + (year < 1 ? " BC" : "");
    }

    private static void escape(StringBuilder to, String text) {
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            switch (c) {
                case '\\' -> to.append("\\\\");
                case '\t' -> to.append("\\t");
                case '\n' -> to.append("\\n");
                case '\r' -> to.append("\\r");
                default -> to.append(c);
            }
        }
    }
}
