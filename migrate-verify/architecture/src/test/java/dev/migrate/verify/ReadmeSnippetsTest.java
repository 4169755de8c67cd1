package dev.migrate.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeSnippetsTest {
    /** How many the README has; raised with each that is added, so that none gets lost. */
    private static final int AT_LEAST = 8;

    @TempDir
    Path root;

    @Test
    void theReadme_showsCodeOfTheBuildOnly() throws IOException {
        ReadmeSnippets readme = ReadmeSnippets.of(
                Project.root(), Files.readAllLines(Project.root().resolve("README.md")));
        assertThat(readme.problems()).isEmpty();
        assertThat(readme.compared()).isGreaterThanOrEqualTo(AT_LEAST);
    }

    private ReadmeSnippets check(String... document) throws IOException {
        Files.writeString(root.resolve("Sample.java"), """
                class Sample {
                    void sample() {
                        // @start region="all"
                        if (first) {
                            // @start region="inner"
                            second();

                            // @end region="inner"
                        }
                        // @end region="all"
                    }
                    // @start region="open"
                }
                """);
        return ReadmeSnippets.of(root, List.of(document));
    }

    @Test
    void anEqualBlock_passes_whateverItsIndentation() throws IOException {
        ReadmeSnippets equal = check("text", "<!-- snippet: Sample.java#inner -->", "```java", "second();", "", "```");
        assertThat(equal.problems()).isEmpty();
        assertThat(equal.compared()).isEqualTo(1);
        assertThat(check(
                                "<!-- snippet: Sample.java#all -->",
                                "```java",
                                "  if (first) {",
                                "      second();",
                                "",
                                "  }",
                                "```")
                        .problems())
                .isEmpty();
    }

    @Test
    void aBlockThatDiffers_isFoundWithItsLine() throws IOException {
        for (String line : List.of("third();", " second()", "")) {
            assertThat(check("<!-- snippet: Sample.java#inner -->", "```java", line, "", "```")
                            .problems())
                    .singleElement()
                    .asString()
                    .contains("line 2", "differs", "Sample.java", "second();");
        }
        assertThat(check("<!-- snippet: Sample.java#all -->", "```java", "if (first) {", "second();", "", "}", "```")
                        .problems())
                .as("indentation inside")
                .hasSize(1);
    }

    @Test
    void aBlockWithoutAMarker_isFound_butOnlyOfJava() throws IOException {
        assertThat(check("```java", "second();", "```").problems())
                .singleElement()
                .asString()
                .contains("line 1", "snippet: path#region");
        assertThat(check("```xml", "<!-- snippet: Sample.java#no -->", "```java", "```")
                        .problems())
                .isEmpty();
        assertThat(check("<!-- snippet: Sample.java#inner -->", "", "```java", "second();", "", "```")
                        .problems())
                .singleElement()
                .asString()
                .contains("next line");
    }

    @Test
    void aMissingFileRegionOrEnd_isFound() throws IOException {
        assertThat(check("<!-- snippet: No.java#inner -->", "```java", "```").problems())
                .containsExactly("line 2: there is no file No.java");
        for (String region : List.of("no", "open", "inn")) {
            assertThat(check("<!-- snippet: Sample.java#" + region + " -->", "```java", "```")
                            .problems())
                    .containsExactly("line 2: there is no region \"" + region + "\" in Sample.java");
        }
        assertThat(check("<!-- snippet: Sample.java#inner -->", "```java", "second();", "")
                        .problems())
                .containsExactly("line 2: the block does not end");
    }
}
