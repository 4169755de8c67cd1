package dev.migrate.jdbc;

import dev.migrate.table.Column.Kind;
import dev.migrate.table.OwnForm;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times of MariaDB, also those that no other database has: {@code 0000-00-00}, {@code 2024-02-31}, a TIME beyond a day or below zero, which
 * are {@link OwnForm}s.
 *
 * <p>Its driver makes NULL of some of them, and of others another time.
 */
final class MariaDbTime {
    private static final int DATE_LENGTH = 10;
    private static final int NANO_DIGITS = 9;

    private MariaDbTime() {}

    /** A value of a column of dates or times. */
    static @Nullable Object read(ResultSet row, int at, Kind kind) throws SQLException {
        String text = row.getString(at);
        return text == null ? null : parse(text, kind);
    }

    static Object parse(String text, Kind kind) {
        try {
            return switch (kind) {
                case DATE -> date(text);
                case TIME -> time(text);
                default ->
                    LocalDateTime.of(date(text.substring(0, DATE_LENGTH)), time(text.substring(DATE_LENGTH + 1)));
            };
        } catch (DateTimeException | NumberFormatException | IndexOutOfBoundsException unusual) {
            return new OwnForm(text);
        }
    }

    private static LocalDate date(String text) {
        return LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, DATE_LENGTH));
    }

    private static LocalTime time(String text) {
        int colon = text.indexOf(':');
        int nanos = 0;
        int second = colon + 4;
        if (text.length() > second + 2) {
            String digits = text.substring(second + 3);
            nanos = Integer.parseInt(digits + "0".repeat(NANO_DIGITS - digits.length()));
        }
        boolean isBelowZero = text.startsWith("-");
        return LocalTime.of(
                isBelowZero ? -1 : number(text, 0, colon),
                number(text, colon + 1, colon + 3),
                number(text, second, second + 2),
                nanos);
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }
}
