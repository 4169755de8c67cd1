package dev.migrate.schema;

import dev.migrate.Stage;
import dev.migrate.schema.SchemaFinding.Severity;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A report for people. */
final class ReportText {
    private static final String NONE = "-";

    /** Before what is not the first line of a detail. */
    private static final String FURTHER = " ".repeat(26);

    private final StringBuilder text = new StringBuilder();

    private ReportText() {}

    static String of(SchemaReport report) {
        ReportText written = new ReportText();
        written.header(report);
        written.findings(report.findings());
        return written.text.toString();
    }

    private void header(SchemaReport report) {
        String counts = Arrays.stream(Severity.values())
                .map(severity -> report.of(severity).size() + " " + lower(severity))
                .collect(Collectors.joining(", "));
        String closed = report.findings().stream()
                .filter(finding -> finding.severity() == Severity.BREAKING)
                .map(SchemaFinding::blocks)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .map(stage -> "; closed from " + stage + " on")
                .orElse("");
        line("schema compatibility, legacy " + report.legacy() + ", target " + report.target() + ": " + counts
                + closed);
    }

    private void findings(List<SchemaFinding> findings) {
        int stages = width(findings, finding -> stage(finding.blocks()));
        int places = width(findings, SchemaFinding::place);
        int subjects = width(findings, finding -> lower(finding.subject()));
        for (SchemaFinding finding : findings) {
            line(padded(finding.severity().name(), 8)
                    + padded(stage(finding.blocks()), stages)
                    + padded(finding.place(), places)
                    + padded(lower(finding.subject()), subjects)
                    + finding.what());
            detail("legacy", finding.legacy());
            detail("target", finding.target());
            detail("rows", finding.rows().said().orElse(null));
            String on = " on " + lower(finding.side());
            detail("mend" + on, finding.mend());
            detail("undo" + on, finding.undo());
        }
    }

    private static int width(List<SchemaFinding> findings, Function<SchemaFinding, String> column) {
        return Math.max(
                1, findings.stream().map(column).mapToInt(String::length).max().orElse(1));
    }

    private static String stage(@Nullable Stage stage) {
        return stage == null ? NONE : stage.toString();
    }

    private static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private void detail(String name, @Nullable String value) {
        if (value != null) {
            line(" ".repeat(10) + padded(name, 14) + value.replaceAll("\\r?\\n", "\n" + FURTHER));
        }
    }

    private static String padded(String word, int width) {
        return word + " ".repeat(Math.max(0, width - word.length()) + 2);
    }

    private void line(String line) {
        text.append(line.stripTrailing()).append('\n');
    }
}
