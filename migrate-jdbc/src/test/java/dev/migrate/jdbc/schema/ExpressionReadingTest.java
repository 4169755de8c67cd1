package dev.migrate.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionReadingTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            ((email)::text ~~ '%@%'::text)                                                 | ("EMAIL" LIKE '%@%')              | `email` like '%@%'
            ((s)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])) | ("S" IN('b', 'a'))           | `s` in ('a','b')
            ((s)::text <> ALL (ARRAY['a'::text, 'b'::text]))                               | ("S" NOT IN('a', 'b'))            | `s` not in ('a','b')
            ((n >= 0) AND (n <= 150))                                                      | ("N" BETWEEN 0 AND 150)           | `n` between 0 and 150
            ((bio IS NULL) OR (length(bio) <= 2000))                                       | (CHAR_LENGTH("BIO") <= 2000) OR ("BIO" IS NULL) | `bio` is null or char_length(`bio`) <= 2000
            (0 < n)                                                                        | ("N" > 0)                         | `n` > 0
            (n <> '-1'::integer)                                                           | ("N" <> -1)                       | `n` <> -1
            (p > 0.50)                                                                     | ("P" > 0.5)                       | `p` > 0.50
            ((a + (2 * b)) >= c)                                                           | (("A" + (2 * "B")) >= "C")        | `a` + 2 * `b` >= `c`
            ((x IS NOT NULL) AND (y IS NULL))                                              | ("Y" IS NULL) AND ("X" IS NOT NULL) | `x` is not null and `y` is null
            (d > '2000-01-01'::date)                                                       | ("D" > DATE '2000-01-01')         | `d` > '2000-01-01'
            (s = 'it''s'::text)                                                            | ("S" = 'it''s')                   | `s` = _utf8mb4'it\\'s'
            (f(a) = 1)                                                                     | (CAST(F("A") AS INTEGER) = 1)     | f(`a`) = 1
            """)
    void theSameCondition_isUnderstoodAlike(String postgres, String h2, String mariaDb) {
        Optional<Expression> understood = ExpressionReading.read(Product.POSTGRESQL, postgres);
        assertThat(understood).isPresent();
        assertThat(ExpressionReading.read(Product.H2, h2)).isEqualTo(understood);
        assertThat(ExpressionReading.read(Product.MARIADB, mariaDb)).isEqualTo(understood);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            (a or b) and c  | a or (b and c)
            n > 0           | n >= 0
            n < 0           | 0 < n
            s in ('a', 'b') | s in ('a')
            s like 'a'      | s not like 'a'
            a - b > 0       | b - a > 0
            lower(s) = s    | upper(s) = s
            n between 0 and 9 | n between 0 and 8
            """)
    void anotherCondition_isNot(String one, String other) {
        Optional<Expression> understood = ExpressionReading.read(Product.STANDARD, one);
        assertThat(understood).isPresent();
        assertThat(ExpressionReading.read(Product.STANDARD, other)).isPresent().isNotEqualTo(understood);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "case when a then b end",
                "a ? b",
                "(a = 1",
                "a = ",
                "exists (select 1)",
                "a in (1,",
                "1.2.3 = a",
                ""
            })
    void whatIsNotKnown_isNotUnderstood(String sql) {
        assertThat(ExpressionReading.read(Product.STANDARD, sql)).isEmpty();
    }

    /** In MariaDB LENGTH counts bytes. */
    @ParameterizedTest
    @CsvSource({"POSTGRESQL, char_length", "H2, char_length", "MARIADB, octet_length"})
    void length_countsWhatTheProductCounts(Product product, String function) {
        assertThat(ExpressionReading.read(product, "length(s) <= 9"))
                .isEqualTo(ExpressionReading.read(Product.STANDARD, function + "(s) <= 9"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            (a = 1 or b like 'x''%') and not c in (1, 2) | MARIADB
            a is not null and (length(b) <= 7 or a - 3 < 2) | POSTGRESQL
            """)
    void whatIsWritten_isReadAgain(String sql, Product product) {
        Expression understood = ExpressionReading.read(Product.STANDARD, sql).orElseThrow();
        assertThat(ExpressionReading.read(product, understood.sql(product, name -> name)))
                .contains(understood);
    }
}
