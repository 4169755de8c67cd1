package dev.migrate;

import dev.migrate.MigrationEvent.BackfillProgress;
import dev.migrate.MigrationEvent.ReconciliationProgress;
import dev.migrate.internal.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Prints how far backfills and reconciliations have come, for whoever waits for them: share, rows, rate, time left, and why one waits.
 *
 * <pre>{@code
 * orders.addListener(ProgressLines.onTerminal(System.out));
 * // backfill users   42.0 %  [########            ]  420,000 of 1,000,000 rows  8,400/s  1m 10s left
 * }</pre>
 *
 * <p>On a terminal one line is written over and over; elsewhere, as in a log, each table has a line every so often, and one when it begins to wait,
 * goes on, or is done. Names no key and no value. Thread-safe; writes on the thread on which the work is done, and closes nothing.
 */
public final class ProgressLines implements MigrationListener {
    private static final Duration REDRAWN = Duration.ofMillis(100);
    private static final int BAR = 20;
    private static final int PERCENT = 100;
    private static final long MINUTE = 60;
    private static final long HOUR = 3_600;
    private static final long DAY = 86_400;
    private final Appendable out;
    private final boolean isTerminal;
    private final Duration every;
    private final InstantSource time;
    private final Map<String, Shown> shown = new HashMap<>();
    private int width;

    private record Shown(Instant at, @Nullable String heldBy) {}

    private ProgressLines(Appendable out, boolean isTerminal, Duration every, InstantSource time) {
        this.out = out;
        this.isTerminal = isTerminal;
        this.every = every;
        this.time = time;
    }

    /** One line that is written over, ten times a second at the most; {@code out} is a terminal that knows the carriage return. */
    public static ProgressLines onTerminal(Appendable out) {
        return onTerminal(out, InstantSource.system());
    }

    /** As {@link #onTerminal(Appendable)}, by another clock. */
    public static ProgressLines onTerminal(Appendable out, InstantSource time) {
        return new ProgressLines(out, true, REDRAWN, time);
    }

    /**
     * A line for each table every so often, as for a file.
     *
     * @param every at least how long is between two lines; positive
     */
    public static ProgressLines every(Duration every, Appendable out) {
        return every(every, out, InstantSource.system());
    }

    /** As {@link #every(Duration, Appendable)}, by another clock. */
    public static ProgressLines every(Duration every, Appendable out, InstantSource time) {
        String refusal = Refusal.notPositive("every", every);
        if (refusal != null) {
            throw new MigrationException(refusal);
        }
        return new ProgressLines(out, false, every, time);
    }

    @Override
    public void on(MigrationEvent event) {
        if (event instanceof BackfillProgress backfill) {
            show("backfill " + backfill.table(), backfill, backfill.heldBy(), "");
        } else if (event instanceof ReconciliationProgress pass) {
            String found = pass.isDone() ? "  " + number(pass.differences()) + " differences" : "";
            show("reconciliation " + pass.table(), pass, null, found);
        }
    }

    private synchronized void show(String what, Headway headway, @Nullable String heldBy, String found) {
        Instant now = time.instant();
        Shown last = shown.get(what);
        boolean isDue = last == null
                || headway.isDone()
                || !Objects.equals(heldBy, last.heldBy())
                || !now.isBefore(last.at().plus(every));
        if (!isDue) {
            return;
        }
        if (headway.isDone()) {
            shown.remove(what);
        } else {
            shown.put(what, new Shown(now, heldBy));
        }
        print(plain(line(what, headway, heldBy) + found), headway.isDone());
    }

    private void print(String line, boolean isLast) {
        try {
            if (!isTerminal) {
                out.append(line).append('\n');
                return;
            }
            out.append('\r').append(line).append(" ".repeat(Math.max(0, width - line.length())));
            width = isLast ? 0 : line.length();
            if (isLast) {
                out.append('\n');
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String line(String what, Headway headway, @Nullable String heldBy) {
        StringBuilder line = new StringBuilder(what);
        headway.share()
                .ifPresent(share -> line.append(percent(share)).append("  ").append(bar(share)));
        line.append("  ").append(number(headway.rows()));
        if (headway.expectedRows() > 0) {
            line.append(" of ").append(number(headway.expectedRows()));
        }
        line.append(" rows  ")
                .append(number(Math.round(headway.rowsPerSecond())))
                .append("/s");
        if (headway.isDone()) {
            line.append("  done");
        } else if (heldBy != null) {
            line.append("  waits: ").append(heldBy);
        } else {
            headway.timeLeft()
                    .ifPresent(left -> line.append("  ").append(length(left)).append(" left"));
        }
        return line.toString();
    }

    /** Cut and not rounded: what is not done is not 100 %. */
    private static String percent(double share) {
        return String.format(Locale.ROOT, "  %5.1f %%", Math.floor(share * PERCENT * 10) / 10);
    }

    private static String bar(double share) {
        int full = (int) (share * BAR);
        return "[" + "#".repeat(full) + " ".repeat(BAR - full) + "]";
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String length(Duration left) {
        long seconds = left.toSeconds();
        if (seconds >= DAY) {
            return String.format(Locale.ROOT, "%dd %02dh", seconds / DAY, seconds % DAY / HOUR);
        }
        if (seconds >= HOUR) {
            return String.format(Locale.ROOT, "%dh %02dm", seconds / HOUR, seconds % HOUR / MINUTE);
        }
        return seconds >= MINUTE
                ? String.format(Locale.ROOT, "%dm %02ds", seconds / MINUTE, seconds % MINUTE)
                : seconds + "s";
    }

    /** A reason is somebody's text, and is not to steer the terminal. */
    private static String plain(String line) {
        return line.replaceAll("\\p{Cc}", "?");
    }

    @Override
    public String toString() {
        return "ProgressLines[" + (isTerminal ? "on a terminal" : "every " + every) + "]";
    }
}
