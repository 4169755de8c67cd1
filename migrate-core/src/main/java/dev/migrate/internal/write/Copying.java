package dev.migrate.internal.write;

import dev.migrate.Side;
import dev.migrate.Version;

/** How the state of one key gets from one side to the other. */
public interface Copying<K> {
    /** Reads what the side holds of the key now; called after its version was taken, never before. */
    Copy read(K key, Side from) throws Exception;

    /** Whether what is written to a side commits with the books of that side, so that several keys may be copied at once. */
    default boolean commitsTogether(Side to) {
        return false;
    }

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
