package dev.migrate.reconcile;

import dev.migrate.Side;
import dev.migrate.table.KeyRange;
import dev.migrate.table.RangeSignatures;
import dev.migrate.table.RangeSignatures.Signature;
import dev.migrate.table.TableKey;
import dev.migrate.table.TableSide;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
 * and in the target then, each by a statement of its own, as a page of rows is. While the target computes, legacy is asked for the next
 * chunk. Not thread-safe.
 */
final class SignedRanges {
    /** Costs some milliseconds, beside which a round trip is little; of a million rows with twenty differences, one chunk in six has one. */
    static final int CHUNK_ROWS = 8_192;

    private static final int PARTS = 16;
    private static final int FEW_ROWS = 1_000;
    private static final long LONGEST_STATEMENT_SECONDS = 60;
    private final TableSide legacy;
    private final RangeSignatures signatures;
    private final LongConsumer cleared;
    private final RowByRow rows;

    /** Compares the rows of a range. */
    @FunctionalInterface
    interface RowByRow {
        /** @param rows about how many legacy has in the range */
        void compare(KeyRange range, long rows) throws Exception;
    }

    private record Asked(KeyRange range, Signature legacy, Future<Signature> target) {}

    /** @param cleared is given the number of rows in each range that is cleared */
    SignedRanges(TableSide legacy, RangeSignatures signatures, LongConsumer cleared, RowByRow rows) {
        this.legacy = legacy;
        this.signatures = signatures;
        this.cleared = cleared;
        this.rows = rows;
    }

    /** Goes through all keys up to the last of legacy's. */
    void walk(TableKey last) throws Exception {
        ExecutorService beside = Executors.newSingleThreadExecutor(SignedRanges::thread);
        try {
            @Nullable TableKey after = null;
            @Nullable Asked before = null;
            while (!last.equals(after)) {
                TableKey upTo =
                        legacy.boundary(new KeyRange(after, last), CHUNK_ROWS).orElse(last);
                Asked asked = ask(new KeyRange(after, upTo), beside);
                if (before != null) {
                    settle(before);
                }
                before = asked;
                after = upTo;
            }
            if (before != null) {
                settle(before);
            }
        } finally {
            end(beside);
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

    private Asked ask(KeyRange range, ExecutorService beside) throws Exception {
        Signature inLegacy = signatures.of(Side.LEGACY, List.of(range)).get(0);
        return new Asked(
                range,
                inLegacy,
                beside.submit(() -> signatures.of(Side.TARGET, List.of(range)).get(0)));
    }

    private void settle(Asked asked) throws Exception {
        settle(asked.range(), asked.legacy(), answer(asked.target()));
    }

    private static Signature answer(Future<Signature> asked) throws Exception {
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
            List<KeyRange> parts = parts(range, (int) ((inLegacy.rows() + PARTS - 1) / PARTS));
            List<Signature> legacyParts = signatures.of(Side.LEGACY, parts);
            List<Signature> targetParts = signatures.of(Side.TARGET, parts);
            for (int part = 0; part < parts.size(); part++) {
                settle(parts.get(part), legacyParts.get(part), targetParts.get(part));
            }
        }
    }

    private List<KeyRange> parts(KeyRange range, int rowsOfAPart) throws Exception {
        List<KeyRange> parts = new ArrayList<>();
        @Nullable TableKey after = range.after();
        for (int part = 1; part < PARTS; part++) {
            Optional<TableKey> upTo = legacy.boundary(new KeyRange(after, range.upTo()), rowsOfAPart);
            if (upTo.isEmpty() || upTo.get().equals(range.upTo())) {
                break;
            }
            parts.add(new KeyRange(after, upTo.get()));
            after = upTo.get();
        }
        parts.add(new KeyRange(after, range.upTo()));
        return parts;
    }
}
