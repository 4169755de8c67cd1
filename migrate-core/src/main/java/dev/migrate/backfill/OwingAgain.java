package dev.migrate.backfill;

import dev.migrate.Position;
import dev.migrate.backfill.Backfill.Point;
import dev.migrate.side.SideBooks;
import dev.migrate.table.KeyRange;
import dev.migrate.table.TableKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Owes the keys of a chunk once more that were written while it was copied.
 *
 * <p>These are the keys of the rows that the chunk inserted. Where they are not known, because the rows went by unseen or another
 * worker inserted them, the keys of the chunk's range are read from the target: whatever the chunk inserted, be it stale or a row
 * that should be gone, is there. Where the two databases do not put keys into the same order, a range of legacy's is no range of
 * the target's, and all keys of the target are read, which is slow, but is done only for a chunk that was cut off.
 */
final class OwingAgain {
    private static final int KEYS = 5_000;
    private final Backfill backfill;
    private final SideBooks journal;
    private final SideBooks ledger;
    private long owed;

    OwingAgain(Backfill backfill, SideBooks journal, SideBooks ledger) {
        this.backfill = backfill;
        this.journal = journal;
        this.ledger = ledger;
    }

    long owed() {
        return owed;
    }

    void owe(List<TableKey> written) {
        for (int from = 0; from < written.size(); from += KEYS) {
            oweAmong(written.subList(from, Math.min(written.size(), from + KEYS)));
        }
    }

    void owe(KeyRange range) throws Exception {
        KeyRange inTarget = backfill.target.ordersLike(backfill.legacy) ? range : KeyRange.ALL;
        List<TableKey> batch = new ArrayList<>();
        backfill.target.scanKeys(inTarget, key -> {
            batch.add(key);
            if (batch.size() == KEYS) {
                oweAmong(batch);
                batch.clear();
            }
        });
        oweAmong(batch);
    }

    private void oweAmong(List<TableKey> keys) {
        if (keys.isEmpty()) {
            return;
        }
        List<String> texts = keys.stream().map(TableKey::canonical).toList();
        Set<String> touched = new HashSet<>(journal.owedAmong(texts));
        backfill.probe.accept(Point.LOOKED_INTO_JOURNAL);
        touched.addAll(ledger.heldAmong(texts));
        List<SideBooks.Key> again = keys.stream()
                .filter(key -> touched.contains(key.canonical()))
                .map(key -> new SideBooks.Key(
                        key.canonical(),
                        Position.segmentOf(backfill.migration.bucketOf(backfill.target.partition(key)))))
                .toList();
        if (!again.isEmpty()) {
            journal.owe(again, backfill.migration.time().instant());
            owed += again.size();
        }
    }
}
