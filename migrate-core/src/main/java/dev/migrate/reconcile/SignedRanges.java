package dev.migrate.reconcile;

import dev.migrate.Side;
import dev.migrate.table.KeyRange;
import dev.migrate.table.RangeSignatures;
import dev.migrate.table.RangeSignatures.Chunk;
import dev.migrate.table.RangeSignatures.Signature;
import dev.migrate.table.TableKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Clears the ranges of which both sides give the same signature, and has the rows of all others compared.
 *
 * <p>Legacy's keys are cut into chunks. A chunk that differs is cut into sixteen parts, and so on, until a part has so few rows that
 * reading them is cheaper than another look; what is wrong with them is found by reading alone. Each chunk is looked at in legacy first
 * and in the target then, each by a statement of its own, as a page of rows is. A thread beside the caller's asks legacy for the next few
 * chunks, and for the parts of those that differ, while the caller's asks the target and compares. Not thread-safe.
 */
final class SignedRanges {
    /** Costs a server some milliseconds, beside which a round trip is little; and a difference makes few rows be looked at again. */
    static final int CHUNK_ROWS = 8_192;

    private static final int PARTS = 16;
    private static final int FEW_ROWS = 1_000;
    private static final int AHEAD = 4;
    private final RangeSignatures signatures;
    private final LongConsumer cleared;
    private final RowByRow rows;

    /** Compares the rows of a range. */
    @FunctionalInterface
    interface RowByRow {
        /** Compares them; {@code rows} is about how many legacy has in the range. */
        void compare(KeyRange range, long rows) throws Exception;
    }

    /** For one walk; {@code cleared} is given the number of rows in each range that is cleared. */
    SignedRanges(RangeSignatures signatures, LongConsumer cleared, RowByRow rows) {
        this.signatures = signatures;
        this.cleared = cleared;
        this.rows = rows;
    }

    /** Goes through all keys up to the last of legacy's. */
    void walk(TableKey last) throws Exception {
        Chunks chunks = new Chunks(last);
        Deque<Future<List<Chunk>>> cut = new ArrayDeque<>();
        try (Ahead<Chunk> ahead = new Ahead<>("migrate-signatures", AHEAD, chunks::next)) {
            for (Chunk chunk = ahead.next(); chunk != null; chunk = ahead.next()) {
                look(chunk, ahead, cut);
                while (cut.size() > AHEAD || (!cut.isEmpty() && cut.element().isDone())) {
                    settle(Ahead.answer(cut.remove()));
                }
            }
            while (!cut.isEmpty()) {
                settle(Ahead.answer(cut.remove()));
            }
        }
    }

    /** The thread beside cuts what differs, behind the chunks that it was asked for; this one goes on with the target meanwhile. */
    private void look(Chunk chunk, Ahead<Chunk> ahead, Deque<Future<List<Chunk>>> cut) throws Exception {
        Signature inTarget = signatures.of(Side.TARGET, List.of(chunk.range())).get(0);
        if (chunk.signature().equals(inTarget) || isFew(chunk)) {
            settle(chunk, inTarget);
        } else {
            cut.add(ahead.ask(() -> parts(chunk)));
        }
    }

    /** Legacy's chunks, one after the other; used by one thread. */
    private final class Chunks {
        private final TableKey last;
        private @Nullable TableKey after;

        Chunks(TableKey last) {
            this.last = last;
        }

        /** Null where there is none any more. */
        @Nullable Chunk next() throws Exception {
            if (last.equals(after)) {
                return null;
            }
            Chunk chunk = signatures.first(new KeyRange(after, last), CHUNK_ROWS);
            after = chunk.range().upTo();
            return chunk;
        }
    }

    private static boolean isFew(Chunk chunk) {
        return chunk.signature().rows() <= FEW_ROWS;
    }

    /** The parts of a chunk, and what each comes to in legacy. */
    private List<Chunk> parts(Chunk chunk) throws Exception {
        long rowsOfEach = (chunk.signature().rows() + PARTS - 1) / PARTS;
        List<KeyRange> ranges = signatures.cut(chunk.range(), (int) rowsOfEach);
        List<Signature> inLegacy = signatures.of(Side.LEGACY, ranges);
        List<Chunk> parts = new ArrayList<>(ranges.size());
        for (int part = 0; part < ranges.size(); part++) {
            parts.add(new Chunk(ranges.get(part), inLegacy.get(part)));
        }
        return parts;
    }

    private void settle(List<Chunk> parts) throws Exception {
        List<Signature> inTarget =
                signatures.of(Side.TARGET, parts.stream().map(Chunk::range).toList());
        for (int part = 0; part < parts.size(); part++) {
            settle(parts.get(part), inTarget.get(part));
        }
    }

    private void settle(Chunk chunk, Signature inTarget) throws Exception {
        if (chunk.signature().equals(inTarget)) {
            cleared.accept(inTarget.rows());
        } else if (isFew(chunk)) {
            rows.compare(chunk.range(), chunk.signature().rows());
        } else {
            settle(parts(chunk));
        }
    }
}
