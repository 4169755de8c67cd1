package dev.migrate.backfill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many rows the next chunk of a run has: always the same, or as many as are copied in a given time.
 *
 * <p>Ten chunks of one size decide on the next: the ninth of them in order of time is to take as long as was asked for, and no size is more
 * than one and a half times the one before. One chunk that takes five times as long cuts the size to a tenth at once. Used by one thread.
 */
final class ChunkSize {
    static final int FEWEST = 100;
    static final int MOST = 100_000;
    private static final int CHUNKS = 10;
    private static final int P90 = 8;
    private static final double MOST_GROWTH = 1.5;
    private static final int FAR_TOO_LONG = 5;
    private static final int CUT = 10;
    private final @Nullable Duration aim;
    private final List<Long> nanos = new ArrayList<>();
    private int rows;

    /** @param aim how long a chunk is to take; null for chunks of one size */
    ChunkSize(int first, @Nullable Duration aim) {
        this.aim = aim;
        this.rows = aim == null ? first : clamped(first);
    }

    int rows() {
        return rows;
    }

    boolean adapts() {
        return aim != null;
    }

    /** Hears how long a chunk took; one of another size, as after a change or where another node has planned it, tells little. */
    void took(long read, Duration time) {
        if (aim == null || read > rows || read == 0) {
            return;
        }
        if (time.compareTo(aim.multipliedBy(FAR_TOO_LONG)) > 0) {
            change(rows / CUT);
        } else if (read > rows / 2) {
            nanos.add(time.toNanos());
            if (nanos.size() == CHUNKS) {
                double ninth = Math.max(1, nanos.stream().sorted().toList().get(P90));
                change((int) (rows * Math.min(MOST_GROWTH, aim.toNanos() / ninth)));
            }
        }
    }

    /** Hears that the database has repeatedly failed to take a chunk. */
    void failed() {
        if (aim != null) {
            change(rows / 2);
        }
    }

    private void change(int to) {
        rows = clamped(to);
        nanos.clear();
    }

    private static int clamped(int rows) {
        return Math.max(FEWEST, Math.min(MOST, rows));
    }
}
