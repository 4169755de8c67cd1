package dev.migrate.internal.write;

import dev.migrate.Version;

/**
 * Up to which epoch a node copies what is owed: the latest one that it has learned of, and that every node has acknowledged the beginning of dual
 * writing for.
 *
 * <p>What is owed under a later epoch is left alone, whoever has found it. The migration may have stepped back to LEGACY_ONLY and forward again since this
 * node has learned, and then a unit of work of some node, perhaps of this one, may be writing what nobody owes: a copy made beside it would settle the key
 * before that write arrives.
 */
final class CopyLimit {
    private static final long NONE = -1;
    private volatile boolean isOpen;
    private volatile long learned = NONE;
    private volatile long ownStep = NONE;

    /** Whether anything is copied. */
    boolean isOpen() {
        return isOpen;
    }

    /** Whether a copy may be made of what is owed under a version. */
    boolean allows(Version version) {
        return version.epoch() <= Math.max(isOpen ? learned : NONE, ownStep);
    }

    /** What is owed is copied up to an epoch. */
    void open(long epoch) {
        learned = epoch;
        isOpen = true;
    }

    /** Nothing is copied. */
    void close() {
        isOpen = false;
    }

    /** This node hands authority over, and drains what is owed under the epoch of that step too; such a step begins only where all has been acknowledged. */
    void beginOwnStep(long epoch) {
        ownStep = epoch;
    }

    /** The step has ended. */
    void endOwnStep() {
        ownStep = NONE;
    }
}
