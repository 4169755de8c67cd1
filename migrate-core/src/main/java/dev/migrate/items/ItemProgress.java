package dev.migrate.items;

import dev.migrate.MigrationException;
import dev.migrate.internal.CanonicalKeys;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a backfill of items has come, as the store keeps it.
 *
 * @param generation that of the journal's cover in which it was begun
 * @param state what is left
 * @param cursor where the page after the batch begins; null for the first page
 * @param batch the keys that are being copied; each may have been written already, and is looked at again when a run takes over
 * @param counts what is done, without the batch
 */
record ItemProgress(long generation, State state, @Nullable String cursor, List<String> batch, Counts counts) {
    private static final String FORMAT = "items-1";

    enum State {
        /** There are pages after the batch. */
        GOING_ON,
        /** The batch is the last. */
        LAST,
        /** Nothing is left. */
        DONE
    }

    /** What was done. */
    record Counts(long read, long copied, long bytes, long present, long parked, long owedAgain) {
        static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);

        Counts plus(Counts more) {
            return new Counts(
                    read + more.read,
                    copied + more.copied,
                    bytes + more.bytes,
                    present + more.present,
                    parked + more.parked,
                    owedAgain + more.owedAgain);
        }
    }

    static ItemProgress begin(long generation) {
        return new ItemProgress(generation, State.GOING_ON, null, List.of(), Counts.NONE);
    }

    /** The batch is done, and this is what comes next. */
    ItemProgress next(ReadableItems.Page page, Counts done) {
        return new ItemProgress(
                generation,
                page.next() == null ? State.LAST : State.GOING_ON,
                page.next(),
                page.items().stream().map(Item::key).toList(),
                counts.plus(done));
    }

    /** The batch is done, and it was the last. */
    ItemProgress end(Counts done) {
        return new ItemProgress(generation, State.DONE, null, List.of(), counts.plus(done));
    }

    String format() {
        return CanonicalKeys.encode(List.of(
                FORMAT,
                generation,
                state.name(),
                cursor == null ? List.of() : List.of(cursor),
                batch,
                List.of(counts.read, counts.copied, counts.bytes, counts.present, counts.parked, counts.owedAgain)));
    }

    static ItemProgress parse(String text) {
        List<?> parts = list(CanonicalKeys.decode(text));
        if (parts.size() != 6 || !FORMAT.equals(parts.get(0))) {
            throw new MigrationException("the stored progress of a backfill of items is not of the form '" + FORMAT
                    + "'; it was written by a later version of this library: run the backfill with that one");
        }
        List<?> cursor = list(parts.get(3));
        List<Long> counts = list(parts.get(5)).stream().map(Long.class::cast).toList();
        return new ItemProgress(
                (Long) parts.get(1),
                State.valueOf((String) parts.get(2)),
                cursor.isEmpty() ? null : (String) cursor.get(0),
                list(parts.get(4)).stream().map(String.class::cast).toList(),
                new Counts(counts.get(0), counts.get(1), counts.get(2), counts.get(3), counts.get(4), counts.get(5)));
    }

    private static List<?> list(Object part) {
        return (List<?>) part;
    }
}
