package dev.migrate.internal.write;

import dev.migrate.internal.write.GroupTransaction.KeyFailed;
import dev.migrate.side.SideBooks;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies keys that are in each other's way, in one transaction of the shadow: rows that refer to each other, rows between which a unique
 * value has moved.
 *
 * <p>All versions were taken before the first value was read. What a group writes is what the copies of its keys would have written one
 * by one, each on the condition of its own version; only that nobody sees a state in between.
 *
 * <p>Nobody tells in which order rows can be written, so it is found out: a key that is refused goes behind the others, and the
 * transaction begins once more. Where each waits for another, as in an exchange of unique values, all that wait make way first: each
 * row is written with a value that is in nobody's way. No row is deleted for that, because it would take with it what a cascade
 * deletes and the columns that the shadow alone has. Keys that cannot be written even so are left out, and the others are copied
 * without them.
 */
final class CopyGroup {
    /** So many transactions for each key, on average. */
    private static final int PATIENCE = 4;

    private final SideBooks shadow;
    private final List<KeyCopy<?>> written = new ArrayList<>();
    private final List<KeyCopy<?>> waiting;
    private List<KeyCopy<?>> makingWay = List.of();
    private boolean hasMadeWay;
    private int refusedInARow;

    private CopyGroup(SideBooks shadow, List<KeyCopy<?>> keys) {
        this.shadow = shadow;
        this.waiting = new ArrayList<>(keys);
    }

    /**
     * Copies as many of the keys as can be copied together.
     *
     * @param shadow the side whose transaction the copies of all keys take part in
     * @return the keys that have arrived
     * @throws KeyFailed where a key failed, and not because of another
     */
    static List<KeyCopy<?>> copy(SideBooks shadow, List<KeyCopy<?>> keys) throws Exception {
        List<KeyCopy<?>> left = keys;
        while (!left.isEmpty()) {
            CopyGroup group = new CopyGroup(shadow, left);
            GroupTransaction committed = group.search();
            if (committed != null) {
                return committed.arrived();
            }
            left = group.written;
        }
        return List.of();
    }

    /** The transaction that has copied all; null where some of the keys, those that still wait, cannot be copied with the others. */
    private @Nullable GroupTransaction search() throws Exception {
        int patience = PATIENCE * waiting.size();
        for (int begun = 0; begun < patience; begun++) {
            GroupTransaction transaction = new GroupTransaction(shadow);
            List<KeyCopy<?>> order = new ArrayList<>(written);
            order.addAll(waiting);
            if (transaction.commits(makingWay, order)) {
                return transaction;
            }
            if (!isWorthAnother(transaction)) {
                return null;
            }
        }
        return null;
    }

    private boolean isWorthAnother(GroupTransaction transaction) {
        KeyCopy<?> refused = transaction.refused();
        if (refused == null) {
            written.clear();
            return false;
        }
        if (transaction.wasMakingWay()) {
            makingWay = makingWay.stream().filter(key -> key != refused).toList();
            return true;
        }
        if (!makingWay.isEmpty() && transaction.madeWay().isEmpty()) {
            return false;
        }
        putBehind(refused);
        return refusedInARow < waiting.size() || letAllMakeWay();
    }

    /** Those before the refused one can be written in this order. */
    private void putBehind(KeyCopy<?> refused) {
        List<KeyCopy<?>> order = new ArrayList<>(written);
        order.addAll(waiting);
        int place = order.indexOf(refused);
        refusedInARow = place == written.size() ? refusedInARow + 1 : 1;
        written.clear();
        written.addAll(order.subList(0, place));
        waiting.clear();
        waiting.addAll(order.subList(place + 1, order.size()));
        waiting.add(refused);
    }

    private boolean letAllMakeWay() {
        if (hasMadeWay) {
            return false;
        }
        hasMadeWay = true;
        makingWay = List.copyOf(waiting);
        refusedInARow = 0;
        return true;
    }
}
