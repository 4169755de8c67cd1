package dev.migrate.table;

import java.util.List;

/**
 * A look at rows before they are copied to a table: whether it would refuse them or hold something else, each by itself and all together.
 * The table is not changed. For one thread; whoever opened it ({@link TableSide#trial}) closes it.
 */
public interface RowTrial extends AutoCloseable {
    /**
     * What rows are looked at.
     *
     * @param legacy the table that they come from
     * @param mapping as it was declared
     * @param columns the same, bound to both tables; rows are what it gives {@code to} the target
     * @param pieceRows how many rows are held and go over together; 1 or more
     * @param comparedRows how many rows at most are compared with each other for one unique constraint; 1 or more
     * @param keys how many keys are wanted for each objection; 1 or more
     */
    record Plan(TableSide legacy, Mapping mapping, BoundMapping columns, int pieceRows, long comparedRows, int keys) {}

    /** What is told of what was found. */
    interface Findings {
        /**
         * Rows to which there is an objection.
         *
         * @param rows how many, beyond those that were told before; 1 or more
         * @param isExact whether there are not more
         * @param canonicalKeys of some of them, as many as are wanted
         */
        void add(Objection objection, long rows, boolean isExact, List<String> canonicalKeys);

        /** Something that could not be looked at, for people. */
        void unseen(String what);
    }

    /** Looks at a row as it would be written. */
    void take(TableKey key, Fields mapped) throws Exception;

    /** All rows have been taken: looks at them together. Once, and nothing is taken after it. */
    void finish() throws Exception;

    /** Leaves nothing behind. */
    @Override
    void close() throws Exception;
}
