package dev.migrate.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.jdbc.schema.Model.Field;
import dev.migrate.jdbc.schema.Model.Generation;
import dev.migrate.table.Column.Kind;
import dev.migrate.table.Objection;
import dev.migrate.table.Objection.Rule;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a column makes of a value, where no database is needed to see it. */
class ColumnFitTest {
    private static final Instant END = Instant.ofEpochSecond(Integer.MAX_VALUE, 999_999_999);

    private static ColumnFit fit(Product product, String type, Kind kind, @Nullable SessionClock clock) {
        String plain = type.contains(Ddl.COLLATE) ? type.substring(0, type.indexOf(Ddl.COLLATE)) : type;
        Field field = new Field("c", TypeName.read(product, plain), type, true, null, Generation.NONE, false);
        return new ColumnFit(product, field, kind, new ColumnFit.Session("UTF8", clock, false));
    }

    private static Optional<Rule> rule(ColumnFit fit, Object value) {
        return fit.judge(value).map(Objection::rule);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POSTGRESQL | numeric(5,2)  | 999.994    | PRECISION
            POSTGRESQL | numeric(5,2)  | 999.995    | RANGE
            POSTGRESQL | numeric(5,2)  | -999.99    |
            POSTGRESQL | numeric(5,2)  | 1.2300     |
            POSTGRESQL | numeric(2,4)  | 0.0099     |
            POSTGRESQL | numeric(2,4)  | 0.01       | RANGE
            POSTGRESQL | numeric(2,-3) | 99000      |
            POSTGRESQL | numeric(2,-3) | 99100      | PRECISION
            POSTGRESQL | numeric(2,-3) | 100000     | RANGE
            POSTGRESQL | numeric       | 1E+500     |
            MARIADB    | bigint(20) unsigned | 18446744073709551615 |
            MARIADB    | bigint(20) unsigned | 18446744073709551616 | RANGE
            MARIADB    | bigint(20) unsigned | 1.5                  | PRECISION
            """)
    void numbers(Product product, String type, BigDecimal value, Rule expected) {
        assertThat(rule(fit(product, type, Kind.DECIMAL, null), value)).isEqualTo(Optional.ofNullable(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "latin1_swedish_ci, €, ",
        "latin1_swedish_ci, \u0081, ",
        "latin1_swedish_ci, ł, CHARACTERS",
        "latin2_general_ci, ł, ",
        "utf8mb3_general_ci, ł, ",
        "utf8mb3_general_ci, 😀, CHARACTERS",
        "utf8mb4_uca1400_ai_ci, 😀, ",
        "utf8mb4_bin, \ud800, CHARACTERS",
        "ascii_bin, é, CHARACTERS"
    })
    void characters(String collation, String text, Rule expected) {
        ColumnFit fit = fit(Product.MARIADB, "varchar(9) collate " + collation, Kind.TEXT, null);
        assertThat(rule(fit, text)).isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void characterSetThatIsNotKnown_isSaidToBe() {
        ColumnFit fit = fit(Product.MARIADB, "varchar(9) collate geostd8_general_ci", Kind.TEXT, null);
        assertThat(fit.unseen()).hasValue("column 'c' has a character set that is not known here");
        assertThat(fit.judge("any")).isEmpty();
    }

    @Test
    void calendars_endWhereTheProductsDo() {
        ColumnFit postgres = fit(Product.POSTGRESQL, "date", Kind.DATE, null);
        assertThat(rule(postgres, LocalDate.MAX)).as("infinity").isEmpty();
        assertThat(rule(postgres, LocalDate.of(5_874_897, 1, 1))).isEmpty();
        assertThat(rule(postgres, LocalDate.of(5_874_898, 1, 1))).contains(Rule.RANGE);
        ColumnFit mariaDb = fit(Product.MARIADB, "date", Kind.DATE, null);
        assertThat(rule(mariaDb, LocalDate.of(9_999, 12, 31))).isEmpty();
        assertThat(rule(mariaDb, LocalDate.of(10_000, 1, 1))).contains(Rule.RANGE);
        assertThat(rule(mariaDb, LocalDate.MAX)).contains(Rule.RANGE);
        ColumnFit moments = fit(Product.POSTGRESQL, "timestamp(3) with time zone", Kind.INSTANT, null);
        assertThat(rule(moments, Instant.MAX)).isEmpty();
        assertThat(rule(moments, Instant.parse("+294277-01-01T00:00:00Z"))).contains(Rule.RANGE);
        assertThat(rule(moments, Instant.parse("2026-01-01T00:00:00.0001Z"))).contains(Rule.FRACTION);
    }

    @ParameterizedTest
    @CsvSource({
        "POSTGRESQL, numeric, DECIMAL, NaN,",
        "POSTGRESQL, numeric, DECIMAL, Infinity,",
        "POSTGRESQL, 'numeric(5,2)', DECIMAL, NaN,",
        "POSTGRESQL, 'numeric(5,2)', DECIMAL, Infinity, RANGE",
        "POSTGRESQL, float8, DOUBLE, -Infinity,",
        "MARIADB, 'decimal(5,2)', DECIMAL, NaN, RANGE",
        "MARIADB, double, DOUBLE, NaN, RANGE",
        "H2, DECFLOAT, DECIMAL, NaN,",
        "H2, 'NUMERIC(5,2)', DECIMAL, NaN, RANGE",
        "H2, REAL, FLOAT, Infinity,",
        "STANDARD, numeric, DECIMAL, NaN, RANGE"
    })
    void numbersThatAreNotFinite(Product product, String type, Kind kind, Double value, Rule expected) {
        assertThat(rule(fit(product, type, kind, null), value)).isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void theEndOfADay_isPostgresAlone() {
        assertThat(rule(fit(Product.POSTGRESQL, "time(0)", Kind.TIME, null), LocalTime.MAX))
                .isEmpty();
        assertThat(rule(fit(Product.MARIADB, "time(6)", Kind.TIME, null), LocalTime.MAX))
                .contains(Rule.FRACTION);
    }

    @Test
    void yearZero_isAYearOfMariaDb() {
        assertThat(rule(fit(Product.MARIADB, "year(4)", Kind.INTEGER, null), 0L))
                .isEmpty();
        assertThat(rule(fit(Product.MARIADB, "year(4)", Kind.INTEGER, null), 70L))
                .contains(Rule.RANGE);
    }

    @Test
    void timestampOfMariaDb_isReadInTheSessionsZone() {
        SessionClock berlin = new SessionClock(ZoneId.of("Europe/Berlin"), "Europe/Berlin", END);
        ColumnFit fit = fit(Product.MARIADB, "timestamp(6)", Kind.TIMESTAMP, berlin);
        assertThat(rule(fit, LocalDateTime.parse("2026-03-29T02:00:00"))).contains(Rule.TIME_ZONE);
        assertThat(rule(fit, LocalDateTime.parse("2026-03-29T03:00:00"))).isEmpty();
        assertThat(rule(fit, LocalDateTime.parse("2026-10-25T02:59:59"))).contains(Rule.TIME_ZONE);
        assertThat(rule(fit, LocalDateTime.parse("1970-01-01T01:00:00"))).contains(Rule.RANGE);
        assertThat(rule(fit, LocalDateTime.parse("1970-01-01T01:00:01"))).isEmpty();
        assertThat(rule(fit, LocalDateTime.parse("2038-01-19T04:14:07"))).isEmpty();
        assertThat(rule(fit, LocalDateTime.parse("2038-01-19T04:14:08"))).contains(Rule.RANGE);
    }

    @Test
    void zoneThatIsNotKnown_isSaidToBe_andTheRangeIsADayNarrower() {
        ColumnFit fit = fit(Product.MARIADB, "timestamp", Kind.TIMESTAMP, new SessionClock(null, "XYZ", END));
        assertThat(fit.unseen()).hasValueSatisfying(what -> assertThat(what).contains("set time_zone"));
        assertThat(rule(fit, LocalDateTime.parse("1970-01-01T12:00:00"))).contains(Rule.RANGE);
        assertThat(rule(fit, LocalDateTime.parse("2026-03-29T02:30:00"))).isEmpty();
    }

    @Test
    void whatIsNotUnderstood_isLeftToTheDatabase() {
        assertThat(fit(Product.POSTGRESQL, "jsonb", Kind.OTHER, null).isJudged())
                .isFalse();
        assertThat(fit(Product.MARIADB, "enum('a','b')", Kind.PADDED_TEXT, null).isJudged())
                .isFalse();
        assertThat(fit(Product.POSTGRESQL, "tsvector", Kind.OTHER, null).judge("anything"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"utf8mb4_general_ci, false", "utf8mb4_bin, false", "utf8mb4_nopad_bin, true"})
    void onlyABinaryCollationWithoutPadding_isExact(String collation, boolean isExact) {
        assertThat(fit(Product.MARIADB, "varchar(9) collate " + collation, Kind.TEXT, null)
                        .isExact())
                .isEqualTo(isExact);
    }
}
