package dev.migrate.reconcile;

import dev.migrate.Side;
import dev.migrate.internal.option.Looks;
import dev.migrate.table.Row;
import dev.migrate.table.TableKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Looks again at suspects, until each is confirmed or cleared, or the looks are used up.
 *
 * <p>A key is confirmed only where nothing is owed for it before and after the look, and the authoritative side held the same value
 * before and after the shadow was read. It is cleared where the shadow holds any value that the authoritative side was seen with.
 * All else is left to the next look: the copy is on its way, or the row is written so often that it was not seen at rest.
 */
final class SecondLook {
    private static final int KEYS = 500;
    private final Comparing comparing;
    private final Looks looks;
    private final Consumer<Duration> pause;
    private final Map<String, Confirmed> confirmed = new LinkedHashMap<>();
    private final List<String> inFlight = new ArrayList<>();
    private final List<String> hot = new ArrayList<>();

    SecondLook(Comparing comparing, Looks looks, Consumer<Duration> pause) {
        this.comparing = comparing;
        this.looks = looks;
        this.pause = pause;
    }

    /** A difference with what was seen. */
    record Confirmed(TableKey key, Difference difference, RowPair rows) {}

    List<Confirmed> confirmed() {
        return List.copyOf(confirmed.values());
    }

    /** The keys that were still owed at the last look. */
    List<String> inFlight() {
        return inFlight;
    }

    /** The keys that changed at each look. */
    List<String> hot() {
        return hot;
    }

    void at(List<TableKey> suspects) throws Exception {
        List<TableKey> left = suspects;
        for (int look = 1; !left.isEmpty(); look++) {
            inFlight.clear();
            hot.clear();
            List<TableKey> next = new ArrayList<>();
            for (int from = 0; from < left.size(); from += KEYS) {
                next.addAll(look(left.subList(from, Math.min(left.size(), from + KEYS))));
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

    private List<TableKey> look(List<TableKey> keys) throws Exception {
        Set<String> owedBefore = comparing.owed(keys);
        Map<String, Row> legacyBefore = comparing.legacy.find(keys);
        Map<String, Row> target = comparing.target.find(keys);
        Map<String, Row> legacyAfter = comparing.legacy.find(keys);
        Map<String, Row> targetAfter = comparing.target.find(keys);
        Set<String> owedAfter = comparing.owed(keys);
        List<TableKey> unsettled = new ArrayList<>();
        for (TableKey key : keys) {
            String text = key.canonical();
            List<RowPair> seen = List.of(
                    new RowPair(legacyBefore.get(text), target.get(text)),
                    new RowPair(legacyAfter.get(text), target.get(text)),
                    new RowPair(legacyAfter.get(text), targetAfter.get(text)));
            if (seen.stream().anyMatch(pair -> comparing.difference(key, pair).isEmpty())) {
                continue;
            }
            RowPair first = seen.get(0);
            RowPair last = seen.get(2);
            if (owedBefore.contains(text) || owedAfter.contains(text)) {
                inFlight.add(text);
                unsettled.add(key);
            } else if (!first.isUnchanged(Side.LEGACY, last) || !first.isUnchanged(Side.TARGET, last)) {
                hot.add(text);
                unsettled.add(key);
            } else {
                confirmed.put(
                        text, new Confirmed(key, comparing.difference(key, last).orElseThrow(), last));
            }
        }
        return unsettled;
    }
}
