package dev.migrate.test.schedule;

import dev.migrate.internal.Waiting;
import dev.migrate.table.Chunks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The state of one backfill, in the target; a transaction that marks a chunk as copied keeps others from it until it ends. */
final class InMemoryChunks implements Chunks {
    private static final class Stored {
        private final int number;
        private final @Nullable String after;
        private final String upTo;
        private State state = State.OPEN;
        private long token = 1;
        private Claim claim;
        private Instant claimedUntil;
        private long read;
        private long written;

        Stored(int number, @Nullable String after, String upTo, Claim claim) {
            this.number = number;
            this.after = after;
            this.upTo = upTo;
            this.claim = claim;
            this.claimedUntil = claim.until();
        }

        Chunk asChunk() {
            return new Chunk(number, after, upTo, state, token);
        }

        boolean isStill(Chunk chunk, State in) {
            return token == chunk.token() && state == in;
        }
    }

    private final InMemorySide side;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Stored> chunks = new ArrayList<>();
    private @Nullable Run run;

    InMemoryChunks(InMemorySide side) {
        this.side = side;
    }

    private <T> T locked(Supplier<T> work) {
        Waiting.lock(lock);
        try {
            return work.get();
        } finally {
            Waiting.unlock(lock);
        }
    }

    @Override
    public Optional<Run> find() {
        return Optional.ofNullable(run);
    }

    @Override
    public Run begin(Run begun) {
        return locked(() -> {
            if (run == null) {
                run = begun;
            }
            return Objects.requireNonNull(run);
        });
    }

    @Override
    public Optional<Chunk> latest() {
        return chunks.isEmpty()
                ? Optional.empty()
                : Optional.of(chunks.get(chunks.size() - 1).asChunk());
    }

    @Override
    public Optional<Chunk> plan(int number, @Nullable String after, String upTo, Claim claim) {
        return locked(() -> {
            if (number <= chunks.size()) {
                return Optional.empty();
            }
            Stored planned = new Stored(number, after, upTo, claim);
            chunks.add(planned);
            return Optional.of(planned.asChunk());
        });
    }

    @Override
    public Optional<Chunk> claim(Claim claim) {
        return locked(() -> chunks.stream()
                .filter(chunk -> chunk.state != State.DONE)
                .filter(chunk -> !chunk.claimedUntil.isAfter(claim.now())
                        || chunk.claim.worker().equals(claim.worker()))
                .findFirst()
                .map(chunk -> {
                    chunk.token++;
                    chunk.claim = claim;
                    chunk.claimedUntil = claim.until();
                    return chunk.asChunk();
                }));
    }

    /** Marks a chunk as copied when the thread's transaction commits; false where the token has moved on. */
    boolean copied(Chunk chunk, long read, long written) {
        side.lockUntilEnd(lock);
        Stored stored = stored(chunk);
        if (!stored.isStill(chunk, State.OPEN)) {
            return false;
        }
        side.atCommit(() -> {
            stored.state = State.COPIED;
            stored.read = read;
            stored.written = written;
        });
        return true;
    }

    /** Whether it was copied under this token already: a commit whose answer was lost. */
    boolean isCopied(Chunk chunk) {
        return stored(chunk).isStill(chunk, State.COPIED);
    }

    @Override
    public boolean finish(Chunk chunk) {
        return locked(() -> {
            Stored stored = stored(chunk);
            boolean isOurs = stored.isStill(chunk, State.COPIED);
            if (isOurs) {
                stored.state = State.DONE;
            }
            return isOurs;
        });
    }

    @Override
    public void release(Chunk chunk, String error) {
        locked(() -> {
            Stored stored = stored(chunk);
            if (stored.token == chunk.token()) {
                stored.claimedUntil = Instant.MIN;
            }
            return true;
        });
    }

    @Override
    public Progress progress() {
        int done =
                (int) chunks.stream().filter(chunk -> chunk.state == State.DONE).count();
        long read = chunks.stream().mapToLong(chunk -> chunk.read).sum();
        long written = chunks.stream().mapToLong(chunk -> chunk.written).sum();
        return new Progress(chunks.size(), done, read, written);
    }

    private Stored stored(Chunk chunk) {
        return chunks.get(chunk.number() - 1);
    }
}
