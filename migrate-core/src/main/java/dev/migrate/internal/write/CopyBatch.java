package dev.migrate.internal.write;

import dev.migrate.Side;
import dev.migrate.side.Owed;
import dev.migrate.side.SideBooks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies keys that have nothing to do with each other in one transaction of the shadow, because a commit costs more than a copy.
 *
 * <p>Rows are written in the order of their keys, which is the one in which a backfill inserts, so that the two seldom wait for each other in a circle.
 *
 * <p>What is written is what the copies would have written one by one: all versions are taken before the first value is read, all ledger
 * rows move before the first row is written, and each debt is struck out where its version has not moved on. Keys for which that fails,
 * whatever the reason, are left to be tried one by one, where each fails for itself.
 */
final class CopyBatch<K> {
    private static final Logger LOG = LoggerFactory.getLogger(CopyBatch.class);
    private final CopyWorker<K> worker;
    private final Side from;
    private final List<Owed> left = new ArrayList<>();
    private int arrived;

    private CopyBatch(CopyWorker<K> worker, Side from) {
        this.worker = worker;
        this.from = from;
    }

    /** What has become of the keys. */
    record Outcome(int arrived, List<Owed> left) {}

    /**
     * Copies as many of the keys as can be copied at once.
     *
     * @param keys no more than the worker's {@link BatchSize}, each of them once
     */
    static <K> Outcome copy(CopyWorker<K> worker, Side from, List<Owed> keys) {
        CopyBatch<K> batch = new CopyBatch<>(worker, from);
        long begun = worker.migration.nanoTime();
        try {
            batch.copy(keys);
            worker.batchSize.took(worker.migration.nanoTime() - begun);
            return new Outcome(batch.arrived, batch.left);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new Outcome(0, keys);
        } catch (Exception | Error failure) {
            LOG.debug("{} keys are copied one by one, because together they failed", keys.size(), failure);
            return new Outcome(0, keys);
        }
    }

    private void copy(List<Owed> keys) throws Exception {
        worker.migration.leasedView();
        List<KeyCopy<K>> taken = KeyCopy.takeAll(worker, from, keys);
        arrived = keys.size() - taken.size();
        List<KeyCopy<?>> readable = new ArrayList<>();
        for (KeyCopy<K> copy : taken) {
            if (copy.isTimely() && isRead(copy)) {
                readable.add(copy);
            } else {
                left.add(copy.owed());
            }
        }
        if (!readable.isEmpty()) {
            readable.sort(KeyCopy.KEY_ORDER);
            write(readable);
        }
    }

    private static boolean isRead(KeyCopy<?> copy) throws InterruptedException {
        try {
            copy.read();
            return true;
        } catch (InterruptedException interrupted) {
            throw interrupted;
        } catch (Exception unreadable) {
            LOG.debug("{} is left out of a batch", copy, unreadable);
            return false;
        }
    }

    private void write(List<KeyCopy<?>> copies) throws Exception {
        SideBooks shadow = copies.get(0).shadow();
        GroupTransaction transaction = new GroupTransaction(shadow);
        if (!transaction.commits(List.of(), copies)) {
            copies.forEach(copy -> left.add(copy.owed()));
            return;
        }
        List<KeyCopy<?>> there = transaction.arrived();
        KeyCopy.allArrived(worker, from, there);
        arrived += there.size();
        Set<KeyCopy<?>> refused = new HashSet<>(copies);
        there.forEach(refused::remove);
        refused.forEach(copy -> worker.misplaced.move(from, copy.owed(), copy.version()));
    }
}
