package dev.migrate.strangler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalPathTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a/../admin",
                "/a/..",
                "/..",
                "/.",
                "/./a",
                "/a/.", // dots
                "/a/%2e%2e/admin",
                "/%2E",
                "/a/.%2e/b",
                "/%2e./b",
                "/file%2ejpg", // encoded dots
                "/a%2fb",
                "/a%2Fb",
                "/a%5cb",
                "/a%5C..%5Cb",
                "/a\\b", // slashes
                "//a",
                "/a//b",
                "/a//",
                "//", // empty segments
                "/a;x=1",
                "/a;/../b",
                "/a%3bx",
                "/;", // path parameters
                "/%2541",
                "/%252e",
                "/%25%34%31",
                "/a%252fb",
                "/%25252e", // encoded twice
                "/a%00",
                "/%00",
                "/a%0d%0aSet-Cookie",
                "/a%7f",
                "/a\u0000",
                "/a\u007f", // control characters
                "/%",
                "/%2",
                "/%zz",
                "/a%u002e",
                "/%\uff12e", // malformed
                "/%c0%ae%c0%ae/",
                "/%c0%af",
                "/%e0%80%af",
                "/%80",
                "/%c3",
                "/%ed%a0%80", // not UTF-8, or overlong
                "/\u00e9",
                "/a b",
                "/a\tb",
                "/a?b",
                "/a#b",
                "/a|b",
                "/\uff0e\uff0e/", // to be encoded
                "",
                "a",
                "*",
                "http://other/a",
                "?x"
            })
    void h9_whatTwoServersMayReadDifferently_isRefused(String raw) {
        assertThatThrownBy(() -> CanonicalPath.of(raw))
                .isInstanceOf(AmbiguousPathException.class)
                .hasMessageContaining("answer 400");
    }

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/a/b, /a/b",
        "/a/, /a/",
        "/%61%2Db, /a-b",
        "/%c3%a9, /%C3%A9",
        "/%e2%82%ac%61, /%E2%82%ACa",
        "/100%25, /100%25",
        "/100%25x, /100%25x",
        "/a%20b, /a%20b",
        "/...a, /...a",
        "/.hidden, /.hidden",
        "/a..b, /a..b",
        "/a%3fb, /a%3Fb",
        "/a:b@c, /a:b@c"
    })
    void h9_everythingElseHasOneForm(String raw, String canonical) {
        assertThat(CanonicalPath.of(raw).text()).isEqualTo(canonical);
    }

    @Test
    void theConstructorTakesOnlyWhatIsCanonical() {
        assertThat(new CanonicalPath("/a")).isEqualTo(CanonicalPath.of("/%61"));
        assertThatThrownBy(() -> new CanonicalPath("/%61")).hasMessageContaining("CanonicalPath.of(..)");
    }

    @Test
    void messagesNeverHoldThePath() {
        assertThatThrownBy(() -> CanonicalPath.of("/secret/..")).message().doesNotContain("secret");
    }
}
