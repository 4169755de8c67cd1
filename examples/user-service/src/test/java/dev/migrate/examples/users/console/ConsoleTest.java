package dev.migrate.examples.users.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String shown() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void withoutATerminal_aBarIsALineAtEachQuarter() {
        Console console = new Console(out, false);

        for (int done = 0; done <= 1_000; done++) {
            console.progress("backfill", done, 1_000, done + " rows");
        }

        assertThat(shown().lines()).hasSize(5).allMatch(line -> line.startsWith("backfill"));
        assertThat(shown()).contains("  50 %  500 rows").doesNotContain("\r", "\u001b");
    }

    @Test
    void onATerminal_aBarIsWrittenAgain_andEndsItsLine() {
        Console console = new Console(out, true);

        console.progress("backfill", 1, 2, "half");
        console.note("something else");
        console.progress("backfill", 2, 2, "whole");

        assertThat(shown()).contains("\r").contains("something else").endsWith("whole" + System.lineSeparator());
        assertThat(shown().split("half", -1)).hasSize(3);
    }

    @Test
    void anUnknownTotal_showsNothing() {
        new Console(out, false).progress("backfill", 5, 0, "?");

        assertThat(shown()).isEmpty();
    }

    @Test
    void aTable_hasItsValuesInOneColumn() {
        new Console(out, false)
                .table("Figures", List.of(new Console.Row("lost", "0"), new Console.Row("reads", "12,345")));

        List<String> lines = shown().lines().toList();
        assertThat(lines.get(2)).endsWith("0").hasSameSizeAs(lines.get(3));
    }
}
