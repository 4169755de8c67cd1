package dev.migrate.schema;

import dev.migrate.Stage;
import dev.migrate.schema.SchemaFinding.Severity;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a comparison of the two sides' schemas has found, the worst first. Immutable.
 *
 * @param legacy what the legacy schema was read from: a product's name, or that it is a document
 * @param target the same of the target
 * @param findings all findings, sorted
 */
public record SchemaReport(String legacy, String target, List<SchemaFinding> findings) {
    /** Sorts the findings. */
    public SchemaReport {
        findings = findings.stream().sorted(SchemaFinding.WORST_FIRST).toList();
    }

    /** The findings of a severity. */
    public List<SchemaFinding> of(Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .toList();
    }

    /** Whether nothing BREAKING stands in the way of a stage, or of one before it. */
    public boolean isOpenFor(Stage stage) {
        return findings.stream().noneMatch(finding -> finding.closes(stage));
    }

    /** Why a stage must not be entered, for people; empty where {@link #isOpenFor} it. */
    public Optional<String> closedBecause(Stage stage) {
        List<SchemaFinding> closing =
                findings.stream().filter(finding -> finding.closes(stage)).toList();
        return closing.isEmpty()
                ? Optional.empty()
                : Optional.of(closing.size() + " of the findings of schema compatibility are in the way of " + stage
                        + ": "
                        + closing.stream()
                                .map(finding -> finding.place() + ": " + finding.what())
                                .collect(Collectors.joining("; ")));
    }

    /** The report as text: lines, aligned, the worst first; ends with a line's end. */
    public String toText() {
        return ReportText.of(this);
    }

    /** The report as one JSON object, its fields always in the same order; without a line's end. */
    public String toJson() {
        return ReportJson.of(this);
    }

    @Override
    public String toString() {
        return toText();
    }
}
