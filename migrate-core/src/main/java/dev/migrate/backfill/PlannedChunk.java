package dev.migrate.backfill;

import java.io.Serializable;

/**
 * Names a chunk that {@link Backfill#plan} has planned, for {@link Backfill#copy} on any node. Immutable and serialisable; holds no key: what the
 * chunk's keys are, and who has it, is in the target's database.
 *
 * @param subject the migration's name and that of the records
 * @param generation when it was planned: which time it was that the migration left {@code LEGACY_ONLY}
 * @param number of the chunk
 */
public record PlannedChunk(String subject, long generation, int number) implements Serializable {
    /** What a call of {@link Backfill#copy} came to. */
    public enum Result {
        /** This call has copied the chunk, or ended a copy that was cut off. */
        COPIED,
        /** The chunk was done before; nothing was written. */
        ALREADY_DONE,
        /** Another worker has the chunk, or had it so short a while ago that it may be at it still; nothing was written. */
        HELD
    }
}
