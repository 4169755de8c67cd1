package dev.migrate.side;

import dev.migrate.MigrationException;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a repair has done to one row of a side, kept so that it can be undone.
 *
 * <p>Its text form shows neither the key nor a value.
 *
 * @param run names the repair, or the undoing, that wrote the row: 1 to 36 characters
 * @param line which row of the run it is, from 1
 * @param key the row's canonical key
 * @param cursor the row's key in the form of {@link dev.migrate.table.TableSide#formatCursor}
 * @param at when it was written; in microseconds
 * @param who 1 to 200 characters; not blank
 * @param why 1 to 2,000 characters; not blank; no value of a row, because it is kept and shown
 * @param undoes the run that this one has undone; null where it is a repair
 * @param before the row as it was; null where there was none
 * @param after the row as it was left; null where it was deleted
 * @param undoneBy the run that has undone this one; null where none has
 */
public record RepairedRow(
        String run,
        int line,
        String key,
        String cursor,
        Instant at,
        String who,
        String why,
        @Nullable String undoes,
        @Nullable Image before,
        @Nullable Image after,
        @Nullable String undoneBy) {
    private static final int LONGEST_RUN = 36;
    private static final int LONGEST_WHO = 200;
    private static final int LONGEST_WHY = 2_000;

    /**
     * A row with its values, in a form that only the reconciliation reads. Equal by its bytes, which are not copied: nobody changes them. Its text
     * form shows their number alone.
     *
     * @param bytes the form
     */
    @SuppressWarnings("ArrayRecordComponent") // equals and hashCode look into it
    public record Image(byte[] bytes) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Image that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return bytes.length + " bytes";
        }
    }

    /** Checks the lengths. */
    public RepairedRow {
        check("run", run, LONGEST_RUN);
        check("who", who, LONGEST_WHO);
        check("why", why, LONGEST_WHY);
    }

    /** Refuses a reason that cannot be kept; the message says what to do. */
    public static void requireWhy(String why) {
        check("why", why, LONGEST_WHY);
    }

    private static void check(String option, String text, int most) {
        if (text.isBlank()) {
            throw new MigrationException(
                    option + " of a repair must not be blank; whoever looks at it later needs it: name the incident");
        }
        if (text.length() > most) {
            throw new MigrationException(option + " of a repair must have at most " + most + " characters, but had "
                    + text.length() + "; shorten it");
        }
    }

    /** The same row, undone by a run. */
    public RepairedRow undone(String by) {
        return new RepairedRow(run, line, key, cursor, at, who, why, undoes, before, after, by);
    }

    @Override
    public String toString() {
        return "RepairedRow[" + line + " of run " + run + " at " + at
                + (undoes == null ? "" : ", undoes run " + undoes)
                + (undoneBy == null ? "" : ", undone by run " + undoneBy) + "]";
    }
}
