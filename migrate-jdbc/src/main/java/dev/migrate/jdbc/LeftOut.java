package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.table.ChunkCopy;
import dev.migrate.table.RowRefusedException;
import dev.migrate.table.TableKey;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The rows of one chunk that are refused, where they may be left out; used by one thread. */
final class LeftOut {
    private static final int LONGEST_REASON = 1_000;
    private final ChunkCopy copy;
    private final String table;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** A row that is left out. */
    record Entry(String key, String cursor, String reason) {}

    LeftOut(ChunkCopy copy, String table) {
        this.copy = copy;
        this.table = table;
    }

    /**
     * Leaves a row out.
     *
     * @param reason by what it is refused, without values
     * @throws RowRefusedException where none may be left out
     */
    void add(TableKey key, String reason, RowRefusedException refusal) {
        if (copy.mostRefused() == 0) {
            throw refusal;
        }
        String shortened = reason.substring(0, Math.min(reason.length(), LONGEST_REASON));
        entries.put(key.canonical(), new Entry(key.canonical(), copy.legacy().formatCursor(key), shortened));
    }

    Optional<Entry> find(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    Collection<Entry> entries() {
        return entries.values();
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** @param all how many rows are left out of the whole backfill, with these */
    void requireWithin(long all) {
        if (!isEmpty() && all > copy.mostRefused()) {
            throw new MigrationException("table '" + table + "' refuses more rows than reviewRefused("
                    + copy.mostRefused()
                    + ") lets the backfill leave out; chunk " + copy.chunk().number()
                    + " was not copied. It is refused by "
                    + entries.values().iterator().next().reason()
                    + ", among others: look at the reviews, mend the rows, the table or the mapping, or let more be left"
                    + " out, then run the backfill again");
        }
    }
}
