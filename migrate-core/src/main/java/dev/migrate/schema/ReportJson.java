package dev.migrate.schema;

import dev.migrate.internal.JsonStrings;
import dev.migrate.schema.SchemaFinding.Severity;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A report for machines (RFC 8259). */
final class ReportJson {
    private final StringBuilder json = new StringBuilder();

    private ReportJson() {}

    static String of(SchemaReport report) {
        ReportJson written = new ReportJson();
        written.report(report);
        return written.json.toString();
    }

    private void report(SchemaReport report) {
        json.append('{');
        text("legacy", report.legacy()).append(',');
        text("target", report.target());
        for (Severity severity : Severity.values()) {
            json.append(",\"").append(severity.name().toLowerCase(Locale.ROOT)).append("\":");
            json.append(report.of(severity).size());
        }
        json.append(",\"findings\":[");
        String separator = "";
        for (SchemaFinding finding : report.findings()) {
            json.append(separator);
            finding(finding);
            separator = ",";
        }
        json.append("]}");
    }

    private void finding(SchemaFinding finding) {
        json.append('{');
        text("severity", finding.severity().name()).append(',');
        text("blocks", finding.blocks() == null ? null : finding.blocks().name())
                .append(',');
        text("side", finding.side().name()).append(',');
        text("table", finding.table()).append(',');
        text("name", finding.name()).append(',');
        text("subject", finding.subject().name()).append(',');
        text("what", finding.what()).append(',');
        text("legacy", finding.legacy()).append(',');
        text("target", finding.target()).append(',');
        text("mend", finding.mend()).append(',');
        text("undo", finding.undo()).append(',');
        text("affected", finding.rows().affected().name()).append(',');
        text("firstKey", finding.rows().firstKey());
        json.append('}');
    }

    private StringBuilder text(String name, @Nullable String value) {
        return JsonStrings.member(json, name, value);
    }
}
