package dev.migrate.table;

import dev.migrate.MigrationException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stored state of one backfill, in the target's database: its chunks, in the order in which they were planned.
 *
 * <p>Whoever claims a chunk raises its token; a change under an earlier token is refused, so that a worker that was overtaken
 * changes nothing. Cursors are texts of {@link TableSide#formatCursor}. Thread-safe.
 */
public interface Chunks {
    /** How far a chunk has come. */
    enum State {
        /** Planned; its rows are not there. */
        OPEN,
        /** Its rows are there; keys that were written meanwhile are yet to be owed again. */
        COPIED,
        /** Finished. */
        DONE
    }

    /**
     * A backfill.
     *
     * @param last the greatest key at the beginning, where the backfill ends; null where there was no row
     * @param expectedRows the number of rows at the beginning
     */
    record Run(@Nullable String last, long expectedRows) {}

    /**
     * A chunk.
     *
     * @param number from 1, in the order in which they were planned; 0 and less for what was split off later
     * @param after the key before its first; null for the first chunk
     * @param upTo its last key
     * @param token raised with every claim
     */
    record Chunk(int number, @Nullable String after, String upTo, State state, long token) {}

    /**
     * The state of all chunks together.
     *
     * @param planned how many there are
     * @param done how many are done
     * @param read rows read so far
     * @param written rows inserted so far
     */
    record Progress(int planned, int done, long read, long written) {}

    /** The backfill, if it was begun. */
    Optional<Run> find();

    /** Begins the backfill, or finds that it was begun. */
    Run begin(Run run);

    /** The chunk that was planned last. */
    Optional<Chunk> latest();

    /** Plans the chunk after another, and claims it; empty where somebody else planned it. */
    Optional<Chunk> plan(int number, @Nullable String after, String upTo, Claim claim);

    /** Claims a chunk that is not done and whose claim has run out, the first of them. */
    Optional<Chunk> claim(Claim claim);

    /**
     * Claims one chunk; empty where there is none of this number, where it is done, and where another's claim has not run out.
     *
     * @throws MigrationException by default, because a store need not find chunks by their numbers
     */
    default Optional<Chunk> claim(int number, Claim claim) {
        throw notByNumber();
    }

    /** A chunk by its number; throws by default, as {@link #claim(int, Claim)}. */
    default Optional<Chunk> find(int number) {
        throw notByNumber();
    }

    /** The numbers of the chunks that are not done, in their order; throws by default, as {@link #claim(int, Claim)}. */
    default List<Integer> unfinished() {
        throw notByNumber();
    }

    private MigrationException notByNumber() {
        return new MigrationException(
                "a " + getClass().getSimpleName()
                        + " does not find chunks by their numbers, so that they cannot be copied apart; call run() instead, on any number of nodes");
    }

    /**
     * Cuts an OPEN chunk in two: what is up to a key becomes a chunk of its own that anybody may claim, and the rest stays with its worker,
     * under a new token.
     *
     * @param at a cursor within the chunk, before its last key
     * @return the rest; empty where the token has moved on, or somebody else splits at the same moment, or by default, where nothing is split
     */
    default Optional<Chunk> split(Chunk chunk, String at) {
        return Optional.empty();
    }

    /** Moves a chunk from COPIED to DONE; false where the token has moved on. */
    boolean finish(Chunk chunk);

    /** Gives a chunk back so that it can be claimed at once, and remembers why; nothing happens where the token has moved on. */
    void release(Chunk chunk, String error);

    /** The rows that were left out; empty where none can be left out, as by default. */
    default Optional<RefusedRows> refusedRows() {
        return Optional.empty();
    }

    /** How far it has come. */
    Progress progress();

    /**
     * Who claims, and for how long.
     *
     * @param worker 1 to 100 characters
     */
    record Claim(String worker, Instant now, Instant until) {}
}
