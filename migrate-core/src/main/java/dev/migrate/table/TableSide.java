package dev.migrate.table;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.side.SideBooks;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table as one side of a migration: what backfill and reconciliation ask of it.
 *
 * <p>All comparing of keys is done by the database, in its own order. What is read is streamed: an implementation holds a bounded
 * number of rows. Thread-safe. Whatever fails is thrown; a failed query is never an empty answer.
 */
public interface TableSide {
    /** What a row is given to. */
    @FunctionalInterface
    interface Sink<T> {
        /** Takes one. */
        void accept(T item) throws Exception;
    }

    /** The table's name. */
    String name();

    /** The name of this kind of records within the migration; as that of the router that writes them. */
    String records();

    /** The table's columns and key, read from the database at the first call. */
    Shape shape();

    /** The Java types in which routers and journals know the key, one for each of its columns. */
    List<Class<?>> keyTypes();

    /** What of a key decides its bucket: the router's key, or its partition. */
    Object partition(TableKey key);

    /** The books of this side. */
    SideBooks books(String migration, Side side);

    /** Whether this table's keys and the other's come in the same order for certain. */
    boolean ordersLike(TableSide other);

    /**
     * What lets ranges of this table, which is legacy's, be compared with the target's without reading their rows. Asked once for each
     * comparison, and only where the keys order alike; whatever has to be tried on the servers is tried here.
     *
     * @return empty where the rows have to be read, as they have to by default
     */
    default Optional<RangeSignatures> signatures(TableSide target, BoundMapping mapping) throws Exception {
        return Optional.empty();
    }

    /** The greatest key; empty where there is no row. */
    Optional<TableKey> last() throws Exception;

    /** The number of rows in a range. */
    long count(KeyRange range) throws Exception;

    /** The key of the {@code rows}-th row of a range, in key order; empty where it has fewer. */
    Optional<TableKey> boundary(KeyRange range, int rows) throws Exception;

    /** Gives all rows of a range, in key order. */
    void scan(KeyRange range, Sink<Row> sink) throws Exception;

    /** Gives the keys of all rows of a range, in key order. */
    void scanKeys(KeyRange range, Sink<TableKey> sink) throws Exception;

    /**
     * The rows of some keys, which may be the other side's, by canonical text; those that are not there are left out, and so is the row of
     * another key that the database takes for one of them.
     */
    Map<String, Row> find(Collection<TableKey> keys) throws Exception;

    /** A key as text, for {@link #parseCursor}; exact, whatever its type. */
    String formatCursor(TableKey key);

    /** Reads the text that {@link #formatCursor} gives. */
    TableKey parseCursor(String text);

    /** The stored state of a backfill into this table. */
    Chunks chunks(String migration, long generation);

    /**
     * Copies the rows of a chunk that are neither in this table nor in its ledger, and marks the chunk as copied, in one
     * transaction of this table's database; all or nothing.
     */
    ChunkCopy.Result copy(ChunkCopy copy) throws Exception;

    /**
     * The row of a key, which may be the other side's, as the thread's transaction sees it; from now on nobody else changes it until that
     * transaction ends. A row that is not there is not locked: see {@link #insert}.
     *
     * @throws MigrationException where the thread is not inside a transaction of this side's books
     */
    Optional<Row> lock(TableKey key) throws Exception;

    /** Inserts a row, as {@link #put} writes one, but fails where there is one. */
    void insert(TableKey key, Fields fields) throws Exception;

    /**
     * Inserts a row or overwrites the given columns of it, in the thread's transaction of this side's books where they share a
     * database, and else in one of its own. The row of another key that the database takes for the same is not overwritten.
     */
    void put(TableKey key, Fields fields) throws Exception;

    /** Deletes a row, as {@link #put} writes one; nothing happens where there is none. */
    void remove(TableKey key) throws Exception;

    /**
     * Begins to look at rows before they are copied to this table, without changing it.
     *
     * @param findings is told what is found, on the thread that uses the trial
     * @throws MigrationException where this kind of table cannot look at rows beforehand, as by default
     */
    default RowTrial trial(RowTrial.Plan plan, RowTrial.Findings findings) throws Exception {
        throw new MigrationException(
                "table '" + name() + "' is a " + getClass().getSimpleName()
                        + ", which cannot look at rows before they are copied; give the preflight a table whose kind has trial(..)");
    }

    /**
     * The names of the foreign keys by which this table refers to another of the same side. By default none is known.
     *
     * @param parent a table in the same database; this one or another
     */
    default List<String> foreignKeysTo(TableSide parent) throws Exception {
        return List.of();
    }

    /**
     * The key that a journal or a ledger knows by a canonical text, exactly.
     *
     * @throws MigrationException where the text is of no key that this table can have, or this kind of table cannot read it, as by default
     */
    default TableKey keyOf(String canonical) {
        throw noChanges("keyOf(..)");
    }

    /**
     * The present moment by this table's database, and when its oldest running transaction began.
     *
     * @throws MigrationException where this kind of table does not know it, as by default
     */
    default Horizon horizon() throws Exception {
        throw noChanges("horizon()");
    }

    /**
     * Gives the keys of all rows whose value in a column is not less than a given one, and of those that have none, each once, in any order.
     * They are streamed from one statement.
     *
     * @param column a column of this table, of the kind {@link Column.Kind#TIMESTAMP} or {@link Column.Kind#INSTANT}
     * @param since a value as the column's kind carries it
     * @throws MigrationException where this kind of table cannot find rows so, as by default
     */
    default void scanSince(Column column, Object since, Sink<TableKey> sink) throws Exception {
        throw noChanges("scanSince(..)");
    }

    private MigrationException noChanges(String method) {
        return new MigrationException("table '" + name() + "' is a "
                + getClass().getSimpleName()
                + ", which cannot tell what has changed; give the reconciliation a table whose kind has " + method
                + ", or compare all rows with run()");
    }

    /** Lets the database generate no key, from now on, that the table already has. */
    void advanceGeneratedKeys() throws Exception;
}
