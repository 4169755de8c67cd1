package dev.migrate.reconcile;

import dev.migrate.internal.JsonStrings;
import dev.migrate.reconcile.DailyReport.Day;
import java.util.Locale;
import java.util.OptionalLong;

/** A daily report for machines. */
final class DailyJson {
    private final StringBuilder json = new StringBuilder();

    private DailyJson() {}

    static String of(DailyReport report) {
        DailyJson written = new DailyJson();
        written.report(report);
        return written.json.toString();
    }

    private void report(DailyReport report) {
        json.append('{');
        JsonStrings.member(json, "subject", report.subject()).append(',');
        JsonStrings.member(json, "zone", report.zone().getId()).append(",\"days\":[");
        for (int at = 0; at < report.days().size(); at++) {
            json.append(at == 0 ? "" : ",");
            day(report.days().get(at), report.againstDayBefore(at));
        }
        json.append(']');
        number("overPeriod", report.overPeriod());
        json.append('}');
    }

    private void day(Day day, OptionalLong change) {
        json.append('{');
        JsonStrings.member(json, "date", day.date().toString());
        number("passes", OptionalLong.of(day.passes().size()));
        number("clean", OptionalLong.of(day.clean()));
        number("rowsCompared", OptionalLong.of(day.rowsCompared()));
        json.append(",\"confirmed\":{");
        String separator = "";
        for (Difference.Kind kind : Difference.Kind.values()) {
            json.append(separator).append('"').append(kind.name().toLowerCase(Locale.ROOT));
            json.append("\":").append(day.confirmed(kind));
            separator = ",";
        }
        json.append('}');
        number("repaired", OptionalLong.of(day.repaired()));
        number("differing", day.differing());
        number("againstDayBefore", change);
        json.append('}');
    }

    private void number(String name, OptionalLong value) {
        json.append(",\"").append(name).append("\":");
        if (value.isPresent()) {
            json.append(value.getAsLong());
        } else {
            json.append("null");
        }
    }
}
