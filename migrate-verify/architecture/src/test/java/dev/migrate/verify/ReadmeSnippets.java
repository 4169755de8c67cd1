package dev.migrate.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Java code of a document, which must be code of the build.
 *
 * <p>A block of Java follows a line {@code <!-- snippet: path#region -->}. The path starts at the root of the repository; the region
 * lies between lines that have {@code @start region="name"} and {@code @end region="name"}. Equal means: the same lines, after both
 * have lost their common indentation; markers of other regions inside are left out.
 */
final class ReadmeSnippets {
    private static final Pattern MARKER = Pattern.compile("<!-- snippet: (\\S+)#(\\S+) -->");
    private static final Pattern REGION = Pattern.compile(".*// @(?:start|end) region=.*");

    private final Path root;
    private final List<String> problems = new ArrayList<>();
    private int compared;

    private ReadmeSnippets(Path root) {
        this.root = root;
    }

    static ReadmeSnippets of(Path root, List<String> document) throws IOException {
        ReadmeSnippets snippets = new ReadmeSnippets(root);
        snippets.check(document);
        return snippets;
    }

    /** What is not as it must be, each with its line; empty where all is well. */
    List<String> problems() {
        return problems;
    }

    /** How many blocks have been compared. */
    int compared() {
        return compared;
    }

    private void check(List<String> document) throws IOException {
        Matcher marker = null;
        for (int i = 0; i < document.size(); i++) {
            Matcher found = MARKER.matcher(document.get(i).strip());
            if (found.matches()) {
                if (i + 1 >= document.size() || !document.get(i + 1).strip().equals("```java")) {
                    problem(i, "a block of Java must follow the marker in the next line");
                }
                marker = found;
            } else if (document.get(i).strip().startsWith("```")) {
                int end = endOfBlock(document, i);
                if (document.get(i).strip().equals("```java")) {
                    compare(i, Optional.ofNullable(marker), document.subList(i + 1, end));
                }
                marker = null;
                i = end;
            }
        }
    }

    private int endOfBlock(List<String> document, int begin) {
        for (int i = begin + 1; i < document.size(); i++) {
            if (document.get(i).strip().equals("```")) {
                return i;
            }
        }
        problem(begin, "the block does not end");
        return document.size();
    }

    private void compare(int line, Optional<Matcher> marker, List<String> block) throws IOException {
        if (marker.isEmpty()) {
            problem(
                    line,
                    "a block of Java must follow a line <!-- snippet: path#region -->, so that it is known to run");
            return;
        }
        Path file = root.resolve(marker.get().group(1));
        String name = marker.get().group(2);
        if (!Files.isRegularFile(file)) {
            problem(line, "there is no file " + marker.get().group(1));
            return;
        }
        List<String> region = region(Files.readAllLines(file), name);
        if (region.isEmpty()) {
            problem(
                    line,
                    "there is no region \"" + name + "\" in " + marker.get().group(1));
            return;
        }
        compared++;
        if (!withoutIndent(block).equals(withoutIndent(region))) {
            problem(
                    line,
                    "the block differs from region \"" + name + "\" of "
                            + marker.get().group(1) + ", which is\n" + String.join("\n", withoutIndent(region)));
        }
    }

    private static List<String> region(List<String> file, String name) {
        List<String> region = new ArrayList<>();
        boolean isInside = false;
        for (String line : file) {
            if (line.contains("// @start region=\"" + name + "\"")) {
                isInside = true;
            } else if (line.contains("// @end region=\"" + name + "\"")) {
                return region;
            } else if (isInside && !REGION.matcher(line).matches()) {
                region.add(line);
            }
        }
        return List.of();
    }

    private static List<String> withoutIndent(List<String> lines) {
        int indent = lines.stream()
                .filter(line -> !line.isBlank())
                .mapToInt(line -> line.length() - line.stripLeading().length())
                .min()
                .orElse(0);
        return lines.stream()
                .map(line -> line.isBlank() ? "" : line.substring(indent).stripTrailing())
                .toList();
    }

    private void problem(int line, String what) {
        problems.add("line " + (line + 1) + ": " + what);
    }
}
