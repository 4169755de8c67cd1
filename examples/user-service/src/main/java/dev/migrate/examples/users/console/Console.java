package dev.migrate.examples.users.console;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Lines, and bars that move on a terminal. Elsewhere a bar is a plain line at each quarter of its way.
 *
 * <p>Safe for use by several threads.
 */
public final class Console {

    private static final int WIDTH = 30;
    private static final String ERASE_LINE = "\r\u001b[2K";

    private final PrintStream out;
    private final boolean terminal;
    private final Map<String, Integer> quarters = new HashMap<>();
    private String bar = "";

    /** @param terminal whether a line can be written again */
    public Console(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** A line of its own. */
    public synchronized void note(String text) {
        if (terminal) {
            out.print(ERASE_LINE);
        }
        out.println(text);
        if (!bar.isEmpty()) {
            out.print(bar);
        }
        out.flush();
    }

    /**
     * How far something has come.
     *
     * @param total 0 if that is not known: nothing is shown then
     * @param detail what to say beside the bar
     */
    public synchronized void progress(String name, long done, long total, String detail) {
        if (total <= 0) {
            return;
        }
        int percent = (int) Math.min(100, 100 * done / total);
        String text = String.format(Locale.ROOT, "%-22s [%s] %3d %%  %s", name, cells(percent), percent, detail);
        if (terminal) {
            out.print(ERASE_LINE + text);
            bar = percent == 100 ? "" : text;
            if (percent == 100) {
                out.println();
            }
        } else if (quarters.getOrDefault(name, -1) < percent / 25) {
            quarters.put(name, percent / 25);
            out.println(text.stripTrailing());
        }
        out.flush();
    }

    /** Names and values in two columns. */
    public synchronized void table(String title, List<Row> rows) {
        bar = "";
        int width = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
        note("");
        note(title);
        for (Row row : rows) {
            note(String.format(Locale.ROOT, "  %-" + width + "s  %14s", row.name(), row.value()));
        }
    }

    /** A line of a table. */
    public record Row(String name, String value) {}

    private static String cells(int percent) {
        int full = percent * WIDTH / 100;
        return "#".repeat(full) + ".".repeat(WIDTH - full);
    }
}
