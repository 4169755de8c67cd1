package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.reconcile.Difference.Kind;
import dev.migrate.store.InMemoryMigrationStore;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DailyReportTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-30T12:00:00Z"));
    private final InMemoryMigrationStore store = new InMemoryMigrationStore(now::get);
    private final Migration migration =
            Migration.named("notes").store(store).time(now::get).build();
    private final Reconciliation reconciliation = Reconciliation.of(migration)
            .legacy(MapTable.of(3))
            .target(MapTable.of(3))
            .build();
    private int passes;

    @AfterEach
    void close() {
        migration.close();
    }

    private String pass(String began, long rows, Map<Kind, Long> confirmed, long notLookedAtAgain) {
        String id = "pass-" + passes++;
        boolean isClean = confirmed.isEmpty() && notLookedAtAgain == 0;
        store.passes("notes", "default")
                .add(new Pass(
                        id,
                        Pass.Kind.FULL,
                        Instant.parse(began),
                        Duration.ofSeconds(1),
                        rows,
                        confirmed,
                        0,
                        0,
                        notLookedAtAgain,
                        0,
                        isClean));
        return id;
    }

    private void week() {
        pass("2026-03-24T23:59:59.999999Z", 9, Map.of(Kind.DIFFERENT, 9L), 0); // the day before the first
        String repaired =
                pass("2026-03-26T02:00:00Z", 1_000, Map.of(Kind.MISSING_IN_TARGET, 3L, Kind.DIFFERENT, 4L), 5);
        store.passes("notes", "default").repaired(repaired, 6);
        pass("2026-03-26T14:00:00Z", 1_000, Map.of(Kind.DIFFERENT, 1L), 0);
        pass("2026-03-27T02:00:00Z", 1_001, Map.of(Kind.DIFFERENT, 1L, Kind.EXTRA_IN_TARGET, 2L), 0);
        pass("2026-03-29T02:00:00Z", 1_002, Map.of(), 0);
    }

    @Test
    void text_hasALineForEachDay_alsoWithoutAPass_andTheTrend() {
        week();
        assertThat(reconciliation.daily(6, ZoneOffset.UTC).toText()).isEqualTo("""
                Reconciliation of notes/default, 6 days, Z
                2026-03-25  no pass
                2026-03-26  2 passes, 0 clean, 2,000 rows compared, 8 differences confirmed (3 missing in target, 5 different), \
                6 repaired, 1 rows differed at the last pass over all rows
                2026-03-27  1 passes, 0 clean, 1,001 rows compared, 3 differences confirmed (2 extra in target, 1 different), \
                0 repaired, 3 rows differed at the last pass over all rows, 2 more than the day before
                2026-03-28  no pass
                2026-03-29  1 passes, 1 clean, 1,002 rows compared, 0 differences confirmed, 0 repaired, \
                0 rows differed at the last pass over all rows
                2026-03-30  no pass
                Over the period: 4 passes, 1 clean, 3 days without a pass; 1 fewer rows differed at its end than at its beginning
                """);
    }

    @Test
    void json_hasTheSameCounts_andNullWhereThereIsNone() {
        week();
        assertThat(reconciliation.daily(4, ZoneOffset.UTC).toJson())
                .isEqualTo("{\"subject\":\"notes/default\",\"zone\":\"Z\",\"days\":["
                        + "{\"date\":\"2026-03-27\",\"passes\":1,\"clean\":0,\"rowsCompared\":1001,"
                        + "\"confirmed\":{\"missing_in_target\":0,\"extra_in_target\":2,\"different\":1},"
                        + "\"repaired\":0,\"differing\":3,\"againstDayBefore\":null},"
                        + "{\"date\":\"2026-03-28\",\"passes\":0,\"clean\":0,\"rowsCompared\":0,"
                        + "\"confirmed\":{\"missing_in_target\":0,\"extra_in_target\":0,\"different\":0},"
                        + "\"repaired\":0,\"differing\":null,\"againstDayBefore\":null},"
                        + "{\"date\":\"2026-03-29\",\"passes\":1,\"clean\":1,\"rowsCompared\":1002,"
                        + "\"confirmed\":{\"missing_in_target\":0,\"extra_in_target\":0,\"different\":0},"
                        + "\"repaired\":0,\"differing\":0,\"againstDayBefore\":null},"
                        + "{\"date\":\"2026-03-30\",\"passes\":0,\"clean\":0,\"rowsCompared\":0,"
                        + "\"confirmed\":{\"missing_in_target\":0,\"extra_in_target\":0,\"different\":0},"
                        + "\"repaired\":0,\"differing\":null,\"againstDayBefore\":null}"
                        + "],\"overPeriod\":-3}");
    }

    /** On 29 March 2026 clocks go from 02:00 to 03:00 in Berlin: that day has 23 hours. */
    @Test
    void days_areThoseOfTheZone_alsoWhereOneIsShorter() {
        pass("2026-03-28T22:59:59Z", 1, Map.of(), 0);
        pass("2026-03-28T23:00:00Z", 2, Map.of(), 0);
        pass("2026-03-29T21:59:59Z", 3, Map.of(), 0);
        pass("2026-03-29T22:00:00Z", 4, Map.of(), 0);
        assertThat(reconciliation.daily(3, BERLIN).days())
                .extracting(DailyReport.Day::date, DailyReport.Day::rowsCompared)
                .containsExactly(
                        tuple(LocalDate.of(2026, 3, 28), 1L),
                        tuple(LocalDate.of(2026, 3, 29), 5L),
                        tuple(LocalDate.of(2026, 3, 30), 4L));
    }

    @Test
    void whatWasNotLookedAtAgain_differsToo() {
        pass("2026-03-29T02:00:00Z", 100, Map.of(Kind.DIFFERENT, 10L), 0);
        pass("2026-03-30T02:00:00Z", 100, Map.of(Kind.DIFFERENT, 10L), 30);
        DailyReport report = reconciliation.daily(2, ZoneOffset.UTC);
        assertThat(report.againstDayBefore(0)).isEmpty();
        assertThat(report.againstDayBefore(1)).hasValue(30);
        assertThat(report.overPeriod()).hasValue(30);
    }

    @Test
    void withoutTwoDaysToCompare_nothingIsSaidOfATrend() {
        pass("2026-03-30T02:00:00Z", 100, Map.of(), 0);
        DailyReport report = reconciliation.daily(2, ZoneOffset.UTC);
        assertThat(report.overPeriod()).isEmpty();
        assertThat(report.toString()).contains("nothing is said of a trend");
    }

    @Test
    void morePassesThanOnePage_areAllCounted() {
        for (int minute = 0; minute < 1_200; minute++) {
            pass(Instant.parse("2026-03-29T00:00:00Z").plusSeconds(60L * minute).toString(), 1, Map.of(), 0);
        }
        assertThat(reconciliation.daily(2, ZoneOffset.UTC).days().get(0).passes())
                .hasSize(1_200)
                .first()
                .matches(pass -> pass.id().equals("pass-0"));
    }

    @Test
    void run_isOfToday() throws Exception {
        reconciliation.run();
        assertThat(reconciliation.daily(1, ZoneOffset.UTC).days())
                .singleElement()
                .satisfies(day -> assertThat(day.date()).isEqualTo(LocalDate.of(2026, 3, 30)))
                .matches(day -> day.clean() == 1 && day.rowsCompared() == 3);
    }

    @Test
    void numberOfDays_isBounded() {
        assertThatThrownBy(() -> reconciliation.daily(0, ZoneOffset.UTC))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("days must be between 1 and 3660, but was 0");
    }
}
