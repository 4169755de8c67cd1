package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import dev.migrate.table.Fields;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What PostgreSQL understands; where it does not, a row would be written all the same, but one by one. */
class CopyTextTest {
    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of(Kind.DATE, LocalDate.of(-43, 3, 15), "0044-03-15 BC"),
                Arguments.of(Kind.DATE, LocalDate.of(0, 12, 31), "0001-12-31 BC"),
                Arguments.of(Kind.DATE, LocalDate.of(1, 1, 1), "0001-01-01"),
                Arguments.of(Kind.DATE, LocalDate.of(9_999, 12, 31), "9999-12-31"),
                Arguments.of(Kind.DATE, LocalDate.of(10_000, 1, 1), "10000-01-01"),
                Arguments.of(Kind.DATE, LocalDate.MAX, "infinity"),
                Arguments.of(Kind.DATE, LocalDate.MIN, "-infinity"),
                Arguments.of(Kind.TIMESTAMP, LocalDateTime.of(-43, 3, 15, 12, 0), "0044-03-15T12:00 BC"),
                Arguments.of(Kind.TIMESTAMP, LocalDate.MAX, "infinity"),
                Arguments.of(Kind.TIMESTAMP, Instant.MIN, "-infinity"),
                Arguments.of(Kind.INSTANT, Instant.parse("-0043-03-15T12:00:00Z"), "0044-03-15T12:00:00Z BC"),
                Arguments.of(Kind.INSTANT, Instant.parse("+10000-01-01T00:00:00Z"), "10000-01-01T00:00:00Z"),
                Arguments.of(Kind.INSTANT, LocalDateTime.MAX, "infinity"),
                Arguments.of(Kind.DECIMAL, Double.NaN, "NaN"),
                Arguments.of(Kind.DECIMAL, Float.NEGATIVE_INFINITY, "-Infinity"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void valuesBeyondTheUsual(Kind kind, Object value, String expected) {
        StringBuilder text = new StringBuilder();
        Column column = new Column("c", kind, "any", -1, false, false);
        CopyText.append(text, new Fields(new Fields.Names(List.of("c")), new Object[] {value}), List.of(column));
        assertThat(text).hasToString(expected + "\n");
    }
}
