package dev.migrate.items;

import dev.migrate.items.ItemProgress.Counts;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One attempt to bring an item to the target where it is not yet, and to make sure of its content where it is. */
final class PresentItem {
    /** Nothing was to be done. */
    static final Counts IS_THERE = new Counts(0, 0, 0, 1, 0, 0);

    private final ItemBackfill backfill;
    private final ItemBooks books;
    private final ItemCopy copy;

    PresentItem(ItemBackfill backfill, ItemBooks books) {
        this.backfill = backfill;
        this.books = books;
        this.copy = new ItemCopy(backfill.legacy, backfill.target, backfill.readsBack);
    }

    /** The target has an item of that key, which neither this backfill nor a router can have put there. */
    static final class OtherContentException extends IOException {
        private static final long serialVersionUID = 1L;

        OtherContentException() {
            super("the target already has another content under this key, which no router has put there;"
                    + " retry overwrites it with legacy's");
        }
    }

    /**
     * Copies an item.
     *
     * @param listed what legacy has just said of it; null where it is to be asked
     */
    Counts copy(String key, @Nullable Item listed) throws Exception {
        Optional<Item> item = listed == null ? backfill.legacy.find(key) : Optional.of(listed);
        if (item.isEmpty()) {
            return IS_THERE; // deleted by now; a copy of it from before is for the journal to delete
        }
        Optional<Item> there = backfill.target.find(key);
        if (there.isEmpty()) {
            Optional<Item> written = copy.copy(item.get(), Precondition.absent());
            if (written.isPresent()) {
                return new Counts(0, 1, item.get().size(), 0, 0, 0);
            }
            there = backfill.target.find(key);
        }
        boolean isSame = there.isPresent() && Digests.isSame(backfill.legacy, item.get(), backfill.target, there.get());
        if (!isSame && books.touchedAmong(List.of(key), () -> {}).isEmpty()) {
            throw there.isPresent()
                    ? new OtherContentException()
                    : new ItemChangedException("the target refused an item as present, and then had none");
        }
        return IS_THERE;
    }
}
