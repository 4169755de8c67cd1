package dev.migrate.reconcile;

import dev.migrate.Side;
import dev.migrate.table.KeyRange;
import dev.migrate.table.RangeSignatures;
import dev.migrate.table.RangeSignatures.Signature;
import dev.migrate.table.TableKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Clears the ranges of which both sides give the same signature, and has the rows of all others compared.
 *
 * <p>Legacy's keys are cut into chunks. A chunk that differs is cut into sixteen parts, and so on, until a part has so few rows that
 * reading them is cheaper than another look; what is wrong with them is found by reading alone. Each chunk is looked at in legacy first
 * and in the target then, each by a statement of its own, as a page of rows is. A thread beside the caller's asks legacy for the next few
 * chunks, while the caller's asks the target and compares. Not thread-safe.
 */
final class SignedRanges {
    /** Costs a server some milliseconds, beside which a round trip is little; and a difference makes few rows be looked at again. */
    static final int CHUNK_ROWS = 8_192;

    private static final int PARTS = 16;
    private static final int FEW_ROWS = 1_000;
    private static final int AHEAD = 4;
    private static final long LONGEST_STATEMENT_SECONDS = 60;
    private final RangeSignatures signatures;
    private final LongConsumer cleared;
    private final RowByRow rows;

    /** Compares the rows of a range. */
    @FunctionalInterface
    interface RowByRow {
        /** Compares them; {@code rows} is about how many legacy has in the range. */
        void compare(KeyRange range, long rows) throws Exception;
    }

    private record Chunk(KeyRange range, Signature inLegacy) {}

    /** For one walk; {@code cleared} is given the number of rows in each range that is cleared. */
    SignedRanges(RangeSignatures signatures, LongConsumer cleared, RowByRow rows) {
        this.signatures = signatures;
        this.cleared = cleared;
        this.rows = rows;
    }

    /** Goes through legacy's keys after one, or from the first on, up to another. */
    void walk(@Nullable TableKey before, TableKey last) throws Exception {
        ExecutorService beside = Executors.newSingleThreadExecutor(SignedRanges::thread);
        try {
            Chunks chunks = new Chunks(before, last);
            Deque<Future<@Nullable Chunk>> asked = new ArrayDeque<>();
            for (int ahead = 0; ahead < AHEAD; ahead++) {
                asked.add(beside.submit(chunks::next));
            }
            for (Chunk chunk = answer(asked.remove()); chunk != null; chunk = answer(asked.remove())) {
                asked.add(beside.submit(chunks::next));
                Signature inTarget =
                        signatures.of(Side.TARGET, List.of(chunk.range())).get(0);
                settle(chunk.range(), chunk.inLegacy(), inTarget);
            }
        } finally {
            end(beside);
        }
    }

    /** Legacy's chunks, one after the other; used by one thread. */
    private final class Chunks {
        private final TableKey last;
        private @Nullable TableKey after;

        Chunks(@Nullable TableKey before, TableKey last) {
            this.after = before;
            this.last = last;
        }

        /** Null where there is none any more. */
        @Nullable Chunk next() throws Exception {
            if (last.equals(after)) {
                return null;
            }
            TableKey upTo =
                    signatures.boundary(new KeyRange(after, last), CHUNK_ROWS).orElse(last);
            KeyRange range = new KeyRange(after, upTo);
            after = upTo;
            return new Chunk(range, signatures.of(Side.LEGACY, List.of(range)).get(0));
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "migrate-signatures");
        thread.setDaemon(true);
        return thread;
    }

    /** No statement outlives the pass, so that whoever has called it can close the tables. */
    private static void end(ExecutorService beside) {
        beside.shutdownNow();
        try {
            beside.awaitTermination(LONGEST_STATEMENT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static @Nullable Chunk answer(Future<@Nullable Chunk> asked) throws Exception {
        try {
            return asked.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw failed;
        }
    }

    private void settle(KeyRange range, Signature inLegacy, Signature inTarget) throws Exception {
        if (inLegacy.equals(inTarget)) {
            cleared.accept(inLegacy.rows());
        } else if (inLegacy.rows() <= FEW_ROWS) {
            rows.compare(range, inLegacy.rows());
        } else {
            List<KeyRange> parts = signatures.cut(range, (int) ((inLegacy.rows() + PARTS - 1) / PARTS));
            List<Signature> legacyParts = signatures.of(Side.LEGACY, parts);
            List<Signature> targetParts = signatures.of(Side.TARGET, parts);
            for (int part = 0; part < parts.size(); part++) {
                settle(parts.get(part), legacyParts.get(part), targetParts.get(part));
            }
        }
    }
}
