package dev.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationEvent.BackfillProgress;
import dev.migrate.MigrationEvent.ReconciliationProgress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final StringBuilder out = new StringBuilder();

    private void advance(Duration length) {
        now.updateAndGet(at -> at.plus(length));
    }

    private static BackfillProgress users(long rows, double rate, @Nullable String heldBy) {
        return new BackfillProgress("orders", "users", rows, 1_000_000, rate, rows == 1_000_000, heldBy);
    }

    @Test
    void onATerminal_oneLineIsWrittenOver_andEndsWithTheTable() {
        ProgressLines lines = ProgressLines.onTerminal(out, now::get);
        lines.on(users(420_000, 8_400, null));
        assertThat(out)
                .hasToString(
                        "\rbackfill users   42.0 %  [########            ]  420,000 of 1,000,000 rows  8,400/s  1m 10s left");
        out.setLength(0);
        advance(Duration.ofMillis(99));
        lines.on(users(430_000, 8_400, null));
        assertThat(out).isEmpty();
        advance(Duration.ofMillis(1));
        lines.on(users(999_999, 8_400, null));
        String line = "\rbackfill users   99.9 %  [################### ]  999,999 of 1,000,000 rows  8,400/s  1s left";
        assertThat(out).hasToString(line + "    "); // what is left of the longer one before
        out.setLength(0);
        lines.on(users(1_000_000, 8_400, null));
        assertThat(out)
                .hasToString("\rbackfill users  100.0 %  [####################]  1,000,000 of 1,000,000 rows"
                        + "  8,400/s  done \n");
    }

    @Test
    void inALog_eachTableHasALineEverySoOften() {
        ProgressLines lines = ProgressLines.every(Duration.ofSeconds(30), out, now::get);
        for (int second = 0; second < 60; second++) {
            lines.on(users(second, 1, null));
            lines.on(new BackfillProgress("orders", "lines", second, 0, 1, false, null));
            advance(Duration.ofSeconds(1));
        }
        assertThat(out.toString().lines())
                .hasSize(4)
                .noneMatch(line -> line.contains("\r"))
                .contains("backfill lines  30 rows  1/s")
                .last()
                .isEqualTo("backfill lines  30 rows  1/s");
        assertThat(out.toString()).contains("11d 13h left");
    }

    @Test
    void waitingAndGoingOn_areSaidAtOnce_andReasonsDoNotSteerTheTerminal() {
        ProgressLines lines = ProgressLines.every(Duration.ofHours(1), out, now::get);
        lines.on(users(10, 100, null));
        lines.on(users(10, 100, "paused by ada: \u001b[2J\u009blunch\n"));
        lines.on(users(10, 100, "paused by ada: \u001b[2J\u009blunch\n"));
        lines.on(users(20, 100, null));
        assertThat(out.toString().lines().map(line -> line.substring(line.indexOf("/s") + 2)))
                .containsExactly("  2h 46m left", "  waits: paused by ada: ?[2J?lunch?", "  2h 46m left");
    }

    @Test
    void reconciliation_saysWhatItFoundAtItsEnd() {
        ProgressLines lines = ProgressLines.every(Duration.ofSeconds(1), out, now::get);
        lines.on(new ReconciliationProgress("orders", "users", 50, 50, 200, 0, 25, false));
        lines.on(new ReconciliationProgress("orders", "users", 200, 150, 200, 3, 25, true));
        assertThat(out.toString().lines())
                .containsExactly(
                        "reconciliation users   25.0 %  [#####               ]  50 of 200 rows  25/s  6s left",
                        "reconciliation users  100.0 %  [####################]  200 of 200 rows  25/s  done  3 differences");
    }

    @Test
    void otherEvents_printNothing() {
        ProgressLines.onTerminal(out, now::get).on(new MigrationEvent.ShadowWorkDropped("orders", 1));
        assertThat(out).isEmpty();
    }

    @Test
    void intervalOfNothing_isRefused() {
        assertThatThrownBy(() -> ProgressLines.every(Duration.ZERO, out))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("every must be positive, but was PT0S");
    }

    @Test
    void outputThatFails_isTheListenersFailure() {
        Appendable closed = Writer.nullWriter();
        assertThatThrownBy(() -> {
                    ((Writer) closed).close();
                    ProgressLines.onTerminal(closed, now::get).on(users(1, 1, null));
                })
                .isInstanceOf(UncheckedIOException.class)
                .hasCauseInstanceOf(IOException.class);
    }
}
