package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.store.InMemoryMigrationStore;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChangedRowsTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void overlapOutOfItsBounds_isRefused() {
        ChangedRows rows = ChangedRows.by("updated_at");
        assertThatThrownBy(() -> rows.overlap(Duration.ofMillis(999)))
                .isInstanceOf(MigrationException.class)
                .hasMessage("overlap must be 1 s to 30 days, but was PT0.999S; make it longer than the longest"
                        + " transaction that writes the table");
        assertThatThrownBy(() -> rows.overlap(Duration.ofDays(30).plusNanos(1)))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("but was PT720H0.000000001S");
        assertThat(rows.overlap(Duration.ofSeconds(1)).overlap()).isEqualTo(Duration.ofSeconds(1));
        assertThat(rows.overlap(Duration.ofDays(30)).overlap()).isEqualTo(Duration.ofDays(30));
    }

    @Test
    void optionOfColumns_isRefusedForTheJournal() {
        assertThatThrownBy(() -> ChangedRows.byJournal().since(Instant.EPOCH))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("since(..) must be said of passes by a column only")
                .hasMessageContaining("leave it out");
        assertThatThrownBy(() -> ChangedRows.byJournal().zone(ZoneOffset.UTC))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("zone(..) must be said of passes by a column only");
    }

    /** At 01:00 UTC on 25 October 2026 clocks in Berlin go back from 03:00 to 02:00. */
    @Test
    void clockThatWasSetBack_showsTheEarliestTimeSinceTheMark() {
        Instant before = Instant.parse("2026-10-25T00:30:00Z");
        assertThat(ColumnChanges.earliest(before, Instant.parse("2026-10-25T00:59:59Z"), BERLIN))
                .isEqualTo(LocalDateTime.parse("2026-10-25T02:30:00"));
        assertThat(ColumnChanges.earliest(before, Instant.parse("2026-10-25T01:00:00Z"), BERLIN))
                .isEqualTo(LocalDateTime.parse("2026-10-25T02:00:00"));
        assertThat(ColumnChanges.earliest(
                        Instant.parse("2026-10-24T12:00:00Z"), Instant.parse("2027-12-01T00:00:00Z"), BERLIN))
                .isEqualTo(LocalDateTime.parse("2026-10-24T14:00:00"));
        assertThat(ColumnChanges.earliest(before, Instant.parse("2026-12-01T00:00:00Z"), ZoneOffset.UTC))
                .isEqualTo(LocalDateTime.parse("2026-10-25T00:30:00"));
    }

    @Test
    void tableThatCannotTellOfChanges_isRefusedByName() {
        try (Migration migration =
                Migration.named("notes").store(new InMemoryMigrationStore()).build()) {
            MapTable table = MapTable.of(3);
            assertThatThrownBy(table::horizon)
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("table 'notes' is a MapTable, which cannot tell what has changed")
                    .hasMessageContaining("horizon()")
                    .hasMessageContaining("run()");
            Reconciliation reconciliation = Reconciliation.of(migration)
                    .legacy(table)
                    .target(MapTable.of(3))
                    .build();
            assertThatThrownBy(
                            () -> reconciliation.changed(ChangedRows.by("text").since(Instant.EPOCH)))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("column 'text' of table 'notes' must be a date with a time of day");
        }
    }

    @Test
    void passThatHasNotComparedAllRows_isNeverClean() {
        assertThatThrownBy(() ->
                        new Pass("p", Pass.Kind.CHANGED, Instant.EPOCH, Duration.ZERO, 1, Map.of(), 0, 0, 0, 0, true))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("isClean of pass 'p' must be false")
                .hasMessageContaining("kind CHANGED");
    }
}
