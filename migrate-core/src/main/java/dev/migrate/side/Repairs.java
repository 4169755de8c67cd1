package dev.migrate.side;

import java.time.Instant;
import java.util.List;

/**
 * What repairs have done to the rows of one side, kept in its own database with each row as it was before.
 *
 * <p>It is kept until it is forgotten ({@link #forget}); it holds values of rows. Thread-safe. The published {@code RepairsContract} checks an
 * implementation.
 */
public interface Repairs {
    /**
     * Keeps what was done to a row, in the thread's transaction of the books, which writes the row: both commit, or neither.
     *
     * @throws dev.migrate.MigrationException where the thread is not inside a transaction
     */
    void add(RepairedRow row);

    /** The rows that a run has written, in their order, from after a line on; at most {@code limit}. */
    List<RepairedRow> rows(String run, int afterLine, int limit);

    /**
     * Notes that a row was undone, in the thread's transaction of the books, which puts the row back.
     *
     * @param by the run that undoes it
     * @return false where it was undone before, or is not known: nothing was changed
     * @throws dev.migrate.MigrationException where the thread is not inside a transaction
     */
    boolean undone(String run, int line, String by);

    /** The rows written last, newest first, whatever their run; at most {@code limit}. */
    List<RepairedRow> latest(int limit);

    /** Forgets what was written before a moment, which can then not be undone any more; returns how many rows that was. */
    int forget(Instant before);
}
