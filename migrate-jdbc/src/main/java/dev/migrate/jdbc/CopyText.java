package dev.migrate.jdbc;

import dev.migrate.table.Column;
import dev.migrate.table.Fields;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The text format of PostgreSQL's COPY: a row a line, tabs between values, {@code \N} for NULL. */
final class CopyText {
    private CopyText() {}

    static void append(StringBuilder to, Fields row, List<Column> columns) {
        for (int at = 0; at < columns.size(); at++) {
            if (at > 0) {
                to.append('\t');
            }
            append(to, Cells.convert(row.at(at), columns.get(at).kind()));
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
        return value.toString();
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
