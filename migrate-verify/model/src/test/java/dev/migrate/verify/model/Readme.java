package dev.migrate.verify.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the module's README says. */
final class Readme {
    private Readme() {}

    /** The rows of the table that has a given head. */
    static List<String> rowsAfter(String head) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("README.md"));
        int at = lines.indexOf(head);
        if (at < 0) {
            throw new IOException("README.md has no table with the head " + head);
        }
        return lines.subList(at + 2, lines.size()).stream()
                .takeWhile(line -> line.startsWith("|"))
                .toList();
    }
}
