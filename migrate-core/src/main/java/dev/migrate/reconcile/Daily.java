package dev.migrate.reconcile;

import dev.migrate.MigrationException;
import dev.migrate.reconcile.DailyReport.Day;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Puts the passes of a history into days. */
final class Daily {
    /** As many as a history gives at once. */
    static final int MOST_PASSES = 100_000;

    private static final int PAGE = 1_000;
    private static final int MORE = 10;

    private Daily() {}

    static DailyReport of(String subject, PassHistory history, Instant now, int days, ZoneId zone) {
        LocalDate last = now.atZone(zone).toLocalDate();
        LocalDate first = last.minusDays(days - 1L);
        Map<LocalDate, List<Pass>> byDay = since(
                        history, first.atStartOfDay(zone).toInstant(), subject)
                .stream()
                .collect(Collectors.groupingBy(pass -> pass.began().atZone(zone).toLocalDate()));
        List<Day> all = new ArrayList<>();
        for (LocalDate day = first; !day.isAfter(last); day = day.plusDays(1)) {
            all.add(new Day(day, byDay.getOrDefault(day, List.of())));
        }
        return new DailyReport(subject, zone, all);
    }

    private static List<Pass> since(PassHistory history, Instant from, String subject) {
        for (int limit = PAGE; ; limit *= MORE) {
            List<Pass> latest = history.latest(limit);
            boolean isAll = latest.size() < limit
                    || latest.get(latest.size() - 1).began().isBefore(from);
            if (isAll) {
                return latest.stream()
                        .filter(pass -> !pass.began().isBefore(from))
                        .toList();
            }
            if (limit == MOST_PASSES) {
                throw new MigrationException("days of a daily report of '" + subject + "' must not have more than "
                        + MOST_PASSES + " passes, but these have more; ask for fewer days");
            }
        }
    }
}
