package dev.migrate.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each defect that was seen in other tools has a test that this library does not have it, and which carries the defect's tag.
 *
 * <p>A test carries a tag as the first word of its name ({@code r3_tighterUniqueKey_isAnErrorThatNamesTheRow}), as the last
 * ({@code missingKeyIsRefused_F5}), or in a comment.
 */
class KnownDefectsTest {
    /** How many defects of a kind there are, each tagged by the kind's letter and a number from 1 on. */
    private static final Map<String, Integer> KINDS = new TreeMap<>(Map.of(
            "S", 8, // staged migrations
            "B", 11, // circuit breakers
            "D", 7, // calls that are switched by proxies
            "R", 14)); // backfill, comparison and repair

    private static final List<String> TESTS = List.of("src/test/java", "src/mariadb/java", "boot/java");

    @Test
    void everyDefect_hasATestThatCarriesItsTag() throws IOException {
        Set<String> carried = carriedBy(sources());
        List<String> without = new ArrayList<>();
        KINDS.forEach((kind, most) -> {
            for (int number = 1; number <= most; number++) {
                if (!carried.contains(kind + number)) {
                    without.add(kind + number);
                }
            }
        });
        assertThat(without).as("defects without a test").isEmpty();
    }

    @Test
    void tags_areFoundInNamesAndComments_andNowhereElse() {
        assertThat(
                        carriedBy(
                                List.of(
                                        "  @Test\n  void r3_tighterKey_isAnError() {}\n  void r4_r13_failure_isNeverTheEnd() {}",
                                        "/** R7: texts. */ void names() {}\n // B1, B2 and D12: others\n void s1() {}\n void r99() {}",
                                        "String text = \"B4 is text\"; int R5 = 5; void from_r6_to() {} void missingKeyIsRefused_F5() {}")))
                .containsExactlyInAnyOrder("R3", "R4", "R13", "R7", "B1", "B2", "D12", "F5");
    }

    private static Set<String> carriedBy(List<String> sources) {
        Pattern names = Pattern.compile("void ((?:[a-z][0-9]{1,2}_)+)|void \\w+_([A-Z][0-9]{1,2})\\(");
        Pattern comments = Pattern.compile("(?m)(?:/\\*\\*|^\\s*\\*|//)[^\\n]*");
        Pattern tag = Pattern.compile("\\b([A-Z][0-9]{1,2})\\b");
        Set<String> carried = new TreeSet<>();
        for (String source : sources) {
            names.matcher(source)
                    .results()
                    .flatMap(name -> Stream.of((name.group(1) == null ? name.group(2) : name.group(1)).split("_")))
                    .forEach(name -> carried.add(name.toUpperCase(Locale.ROOT)));
            comments.matcher(source)
                    .results()
                    .flatMap(comment -> tag.matcher(comment.group()).results())
                    .forEach(found -> carried.add(found.group(1)));
        }
        return carried;
    }

    private static List<String> sources() throws IOException {
        List<String> sources = new ArrayList<>();
        for (Path module : Project.modules()) {
            for (String tests : TESTS) {
                sources.addAll(under(module.resolve(tests)));
            }
        }
        assertThat(sources).hasSizeGreaterThan(100);
        return sources;
    }

    private static List<String> under(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<String> sources = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !path.endsWith("KnownDefectsTest.java"))
                    .toList()) {
                sources.add(Files.readString(file));
            }
        }
        return sources;
    }
}
