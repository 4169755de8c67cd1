package dev.migrate.items;

import dev.migrate.internal.option.Looks;
import dev.migrate.reconcile.Difference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One comparison of two collections: a pass over both, whose findings are suspects, and then as many looks at these as it takes.
 *
 * <p>No listing is relied on to be in any order: legacy's items are looked up in the target, and then the target's keys in legacy. An item that changes
 * while it is read is a suspect too. A suspect is confirmed only where nothing is owed for it before and after the look and both sides say the same of
 * it before and after their contents were compared; it is cleared where they are equal.
 */
final class ItemComparison {
    private final ReadableItems legacy;
    private final ReadableItems target;
    private final ItemBooks books;
    private final int pageItems;
    private final int mostSuspects;
    private final LongConsumer progress;
    private final List<String> suspects = new ArrayList<>();
    private final Map<String, Difference> confirmed = new TreeMap<>();
    private final List<String> inFlight = new ArrayList<>();
    private final List<String> hot = new ArrayList<>();
    private long compared;
    private long beyond;

    ItemComparison(ItemReconciliation options, ItemBooks books, LongConsumer progress) {
        this.legacy = options.legacy;
        this.target = options.target;
        this.books = books;
        this.pageItems = options.pageItems;
        this.mostSuspects = options.mostDifferences;
        this.progress = progress;
    }

    ReadableItems legacy() {
        return legacy;
    }

    ReadableItems target() {
        return target;
    }

    ItemReconciliationReport report(Duration took) {
        return new ItemReconciliationReport(compared, List.copyOf(confirmed.values()), inFlight, hot, beyond, took);
    }

    /** Looks at every item of both. */
    void pass() throws Exception {
        eachOf(legacy, item -> {
            compared++;
            if (isSuspect(item, target.find(item.key()).orElse(null))) {
                suspect(item.key());
            }
        });
        eachOf(target, item -> {
            if (legacy.find(item.key()).isEmpty()) {
                compared++;
                suspect(item.key());
            }
        });
    }

    private interface Each {
        void take(Item item) throws Exception;
    }

    private void eachOf(ReadableItems items, Each each) throws Exception {
        @Nullable String cursor = null;
        do {
            ReadableItems.Page page = items.page(cursor, pageItems);
            for (Item item : page.items()) {
                each.take(item);
            }
            progress.accept(compared);
            cursor = page.next();
        } while (cursor != null);
    }

    private boolean isSuspect(Item inLegacy, @Nullable Item inTarget) throws Exception {
        try {
            return !Digests.isSame(legacy, inLegacy, target, inTarget);
        } catch (ItemChangedException | ItemDamagedException changed) {
            return true;
        }
    }

    private void suspect(String key) {
        if (suspects.size() < mostSuspects) {
            suspects.add(key);
        } else {
            beyond++;
        }
    }

    /** Looks again at what the pass found. */
    void lookAgain(Looks looks, Consumer<Duration> pause) throws Exception {
        List<String> left = suspects.stream().distinct().toList();
        for (int look = 1; !left.isEmpty(); look++) {
            inFlight.clear();
            hot.clear();
            List<String> next = new ArrayList<>();
            for (String key : left) {
                if (!isSettled(key)) {
                    next.add(key);
                }
            }
            left = next;
            if (look == looks.most()) {
                return;
            }
            if (!left.isEmpty()) {
                pause.accept(looks.pause());
            }
        }
    }

    private boolean isSettled(String key) throws Exception {
        List<String> one = List.of(key);
        String text = books.textOf(key);
        Set<String> owedBefore = books.owedAmong(one);
        ItemPair before = find(key);
        Optional<Difference> difference = Optional.empty();
        boolean isCompared = true;
        boolean isUnchanged = false;
        try {
            difference = before.difference(this, text, books.authoritative(key));
            isUnchanged = before.isUnchanged(find(key));
        } catch (ItemChangedException changed) {
            isCompared = false;
        } catch (ItemDamagedException damaged) {
            difference = Optional.of(ItemPair.different(text, books.authoritative(key), "content"));
            isUnchanged = before.isUnchanged(find(key));
        }
        boolean isOwed = !owedBefore.isEmpty() || !books.owedAmong(one).isEmpty();
        if (isCompared && difference.isEmpty()) {
            return true;
        }
        if (isOwed) {
            inFlight.add(key);
            return false;
        }
        if (!isUnchanged) {
            hot.add(key);
            return false;
        }
        difference.ifPresent(found -> confirmed.put(key, found));
        return true;
    }

    private ItemPair find(String key) throws Exception {
        return new ItemPair(legacy.find(key).orElse(null), target.find(key).orElse(null));
    }
}
