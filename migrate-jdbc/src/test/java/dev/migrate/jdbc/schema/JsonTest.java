package dev.migrate.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void values_areRead() {
        assertThat(Json.read(" {\"a\" : [1, -2.5e3, true, null, \"x\"], \"b\":{}} "))
                .isEqualTo(Map.of(
                        "a",
                        Arrays.asList(new BigDecimal("1"), new BigDecimal("-2.5e3"), true, null, "x"),
                        "b",
                        Map.of()));
        assertThat(Json.read("\"\\u00e9\\n\\\"\\\\\\/\\ud83d\\ude00\"")).isEqualTo("é\n\"\\/😀");
        assertThat(Json.read("[]")).isEqualTo(List.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "{\"a\" 1}",
                "{a:1}",
                "01",
                "+1",
                "1.",
                ".5",
                "1e",
                "NaN",
                "'a'",
                "\"a",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\n\"",
                "[1] 2",
                "tru",
                "{\"a\":1,\"a\":2}",
                "[1 2]",
                "\"\\"
            })
    void whatIsNotJson_isRefused(String text) {
        assertThatThrownBy(() -> Json.read(text))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("must be JSON, but at line 1");
    }

    @Test
    void theMessage_namesLineAndColumn() {
        assertThatThrownBy(() -> Json.read("{\n  \"a\": 1\n  \"b\": 2}"))
                .hasMessageContaining("line 3, column 3")
                .hasMessageContaining("'}' must come here");
    }

    @Test
    void depth_isLimited() {
        assertThat(Json.read("[".repeat(64) + "]".repeat(64))).isNotNull();
        assertThatThrownBy(() -> Json.read("[".repeat(65) + "]".repeat(65))).hasMessageContaining("64 deep");
    }
}
