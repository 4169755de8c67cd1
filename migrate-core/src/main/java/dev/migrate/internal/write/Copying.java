package dev.migrate.internal.write;

import dev.migrate.Side;
import dev.migrate.Version;

/** How the state of one key gets from one side to the other. */
public interface Copying<K> {
    /** Reads what the side holds of the key now; called after its version was taken, never before. */
    Copy read(K key, Side from) throws Exception;

    /** What was read, ready to be written. */
    interface Copy {
        /** Whether the key is gone, so that the copy is a delete. */
        boolean isDelete();

        /** Writes to the other side, in its transaction; does nothing where that side itself knows a later version. */
        void write(Version version) throws Exception;
    }
}
