package dev.migrate.backfill;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.internal.RecentRate;
import dev.migrate.table.Chunks;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How many rows were read, by this run as it goes and by other nodes as the store says every few seconds, and the telling of it. Used by one thread. */
final class ReadRows {
    private static final Duration OTHERS = Duration.ofSeconds(5);
    private final Migration migration;
    private final String table;
    private final Chunks chunks;
    private RecentRate rate;
    private long askedAt;
    private long read;
    private long expected;

    ReadRows(Migration migration, String table, Chunks chunks) {
        this.migration = migration;
        this.table = table;
        this.chunks = chunks;
        this.askedAt = migration.nanoTime();
        this.rate = new RecentRate(askedAt, 0);
    }

    /** Goes on from where all nodes together are. */
    void begin(long rows) {
        expected = rows;
        ask();
        rate = new RecentRate(askedAt, read);
    }

    /** Begins without asking for where all nodes are before that has to be told. */
    void expect(long rows) {
        expected = rows;
        askedAt -= OTHERS.toNanos();
    }

    void add(long rows) {
        read += rows;
    }

    void tell(@Nullable String heldBy) {
        if (migration.nanoTime() - askedAt >= OTHERS.toNanos()) {
            ask();
        }
        publish(false, heldBy);
    }

    void done(Chunks.Progress all) {
        read = all.read();
        publish(true, null);
    }

    private void ask() {
        read = chunks.progress().read();
        askedAt = migration.nanoTime();
    }

    private void publish(boolean isDone, @Nullable String heldBy) {
        migration.publish(new MigrationEvent.BackfillProgress(
                migration.name(),
                table,
                read,
                Math.max(read, expected),
                rate.at(migration.nanoTime(), read),
                isDone,
                heldBy));
    }
}
