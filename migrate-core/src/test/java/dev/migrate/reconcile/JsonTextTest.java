package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTextTest {
    private static void assertSame(String one, String other, boolean isSame) {
        assertThat(JsonText.same(one, other)).isEqualTo(isSame);
        assertThat(JsonText.same(other, one)).as("the other way round").isEqualTo(isSame);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":1, \"b\":[true,null]} | { \"b\" : [ true , null ] , \"a\" : 1.00 }",
                "1e2 | 100",
                "-0 | 0.0",
                "1E+400 | 10e399",
                "\"\\u00e9\\n\\/\" | \"é\\u000a/\"",
                "\"\\ud83d\\uDE00\" | \"😀\"",
                "[] | [ ]",
                "{} | { }"
            })
    void twoFormsOfOneValue(String one, String other) {
        assertSame(one, other, true);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1 | 2",
                "1 | \"1\"",
                "1 | true",
                "true | false",
                "null | false",
                "null | \"null\"",
                "[1] | [1, 1]",
                "[1, 2] | [2, 1]",
                "[] | {}",
                "{\"a\":1} | {\"a\":2}",
                "{\"a\":1} | {\"b\":1}",
                "{\"a\":1} | {\"A\":1}",
                "{\"a\":null} | {}",
                "{\"a\":null} | {\"b\":null}",
                "\"a\" | \"a \"",
                "\"é\" | \"e\"",
                "9007199254740993 | 9007199254740992",
                "1.00000000000000000001 | 1"
            })
    void values_thatDiffer(String one, String other) {
        assertSame(one, other, false);
    }

    /** Which of two members counts, and what a text that is not JSON means, is anybody's guess. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":1,\"a\":2} | {\"a\": 2}",
                "{\"a\":1,\"a\":1} | {\"a\": 1}",
                "01 | 1",
                "+1 | 1",
                ".5 | 0.5",
                "[1,] | [1]",
                "[1 | [ 1",
                "{\"a\" 1} | {\"a\": 1}",
                "{a:1} | {\"a\":1}",
                "tru | true",
                "\"a | \"a\"",
                "\"\\x\" | \"x\"",
                "\"\\u12\" | \"\\u0012\"",
                "\"\t\" | \"\\t\"",
                "1 1 | 11",
                "1e99999999999 | 1E99999999999"
            })
    void noCertainValue_isEqualAsTextAlone(String one, String other) {
        assertSame(one, other, false);
        assertSame(one, one, true);
    }

    @Test
    void nestedTooDeeply_isComparedAsText() {
        assertSame("[".repeat(499) + " 1" + "]".repeat(499), "[".repeat(499) + "1" + "]".repeat(499), true);
        assertSame("[".repeat(100_000), "[".repeat(100_000) + " ", false);
        assertSame("[".repeat(501) + " 1" + "]".repeat(501), "[".repeat(501) + "1" + "]".repeat(501), false);
    }
}
