package dev.migrate.reconcile;

import dev.migrate.reconcile.DailyReport.Day;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** A daily report for people. */
final class DailyText {
    private DailyText() {}

    static String of(DailyReport report) {
        StringBuilder text = new StringBuilder();
        text.append("Reconciliation of ").append(report.subject()).append(", ");
        text.append(report.days().size())
                .append(" days, ")
                .append(report.zone())
                .append('\n');
        for (int at = 0; at < report.days().size(); at++) {
            Day day = report.days().get(at);
            text.append(day.date()).append("  ").append(line(day));
            report.againstDayBefore(at)
                    .ifPresent(change -> text.append(", ").append(more(change)).append(" than the day before"));
            text.append('\n');
        }
        return text.append(period(report)).append('\n').toString();
    }

    private static String line(Day day) {
        if (day.passes().isEmpty()) {
            return "no pass";
        }
        long confirmed = day.passes().stream().mapToLong(Pass::differences).sum();
        String kinds = confirmed == 0
                ? ""
                : Arrays.stream(Difference.Kind.values())
                        .filter(kind -> day.confirmed(kind) > 0)
                        .map(kind -> number(day.confirmed(kind)) + " " + name(kind))
                        .collect(Collectors.joining(", ", " (", ")"));
        return day.passes().size() + " passes, " + day.clean() + " clean, " + number(day.rowsCompared())
                + " rows compared, " + number(confirmed) + " differences confirmed" + kinds + ", "
                + number(day.repaired()) + " repaired, " + last(day.differing());
    }

    private static String last(OptionalLong differing) {
        return differing.isEmpty()
                ? "no pass over all rows"
                : number(differing.getAsLong()) + " rows differed at the last pass over all rows";
    }

    private static String period(DailyReport report) {
        long passes =
                report.days().stream().mapToLong(day -> day.passes().size()).sum();
        long clean = report.days().stream().mapToLong(Day::clean).sum();
        long without =
                report.days().stream().filter(day -> day.passes().isEmpty()).count();
        String made =
                "Over the period: " + passes + " passes, " + clean + " clean, " + without + " days without a pass; ";
        OptionalLong change = report.overPeriod();
        return made
                + (change.isEmpty()
                        ? "no two days with a pass over all rows, so nothing is said of a trend"
                        : more(change.getAsLong()) + " rows differed at its end than at its beginning");
    }

    private static String more(long change) {
        return change == 0 ? "no more and no fewer" : number(Math.abs(change)) + (change > 0 ? " more" : " fewer");
    }

    private static String name(Difference.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
