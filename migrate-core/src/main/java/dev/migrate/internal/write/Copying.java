package dev.migrate.internal.write;

import dev.migrate.Side;
import dev.migrate.Version;
import dev.migrate.side.Debt;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.Acceptance;

/** How the state of one key gets from one side to the other. */
public interface Copying<K> {
    /** Reads what the side holds of the key now; called after its version was taken, never before. */
    Copy read(K key, Side from) throws Exception;

    /** Whether what is written to a side commits with the books of that side, so that several keys may be copied at once. */
    default boolean commitsTogether(Side to) {
        return false;
    }

    /**
     * How the operations of a key get over, one after the other, where a side cannot be read by key.
     *
     * <p>Every operation is owed, also while nothing is copied yet, so that none is ever left out in between; and what is known of failed attempts is
     * that of the operation that is the next, whatever comes after it.
     */
    interface InOrder<K> extends Copying<K> {
        /**
         * Carries over what is open of a key, in order, each operation in a transaction of the receiving side of its own.
         *
         * @param upTo the version under which the key is owed: later operations may be left
         * @return {@link Acceptance#ACCEPTED} where nothing is open any more up to that version
         */
        Acceptance deliver(Delivery<K> delivery, Version upTo) throws Exception;

        /** What a side keeps another operation of a range from, besides the debt in its journal. */
        Debt besides(Side from, SegmentRange range);

        @Override
        default Copy read(K key, Side from) {
            throw new UnsupportedOperationException("operations are delivered, not read");
        }
    }

    /**
     * A key whose operations are to be delivered.
     *
     * @param inBooks as the books name it
     * @param to the books of the receiving side
     * @param arrived called after each operation that has arrived
     */
    record Delivery<K>(K key, SideBooks.Key inBooks, Side from, SideBooks to, Runnable arrived) {}

    /** What was read, ready to be written. */
    interface Copy {
        /** Whether the key is gone, so that the copy is a delete. */
        boolean isDelete();

        /** Writes to the other side, in its transaction; does nothing where that side itself knows a later version. */
        void write(Version version) throws Exception;

        /**
         * Has the other side hold something of the key that is in no other key's way, in a transaction in which {@link #write} follows.
         *
         * @return false where nothing was written, because nobody has said how
         */
        default boolean makeWay() throws Exception {
            return false;
        }
    }
}
