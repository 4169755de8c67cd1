package dev.migrate.reconcile;

import dev.migrate.Side;
import dev.migrate.table.KeyRange;
import dev.migrate.table.RangeSignatures;
import dev.migrate.table.RangeSignatures.Chunk;
import dev.migrate.table.RangeSignatures.Signature;
import dev.migrate.table.TableKey;
import java.util.List;
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
        try (Ahead<Chunk> ahead = new Ahead<>("migrate-signatures", AHEAD, chunks::next)) {
            for (Chunk chunk = ahead.next(); chunk != null; chunk = ahead.next()) {
                Signature inTarget =
                        signatures.of(Side.TARGET, List.of(chunk.range())).get(0);
                settle(chunk.range(), chunk.signature(), inTarget);
            }
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
