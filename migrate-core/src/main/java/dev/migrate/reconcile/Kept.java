package dev.migrate.reconcile;

import dev.migrate.table.TableKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Keeps what a pass has found, and closes the reviews that it has answered. */
final class Kept {
    private static final int KEYS = 500;
    private final Comparing comparing;

    Kept(Comparing comparing) {
        this.comparing = comparing;
    }

    void pass(String id, Instant began, Duration took, ReconciliationReport report) {
        comparing
                .passes()
                .add(new Pass(
                        id,
                        Pass.Kind.FULL,
                        began,
                        took,
                        report.rowsCompared(),
                        byKind(report.confirmed()),
                        report.inFlight().size(),
                        report.hot().size(),
                        report.notLookedAtAgain(),
                        0,
                        report.isClean()));
    }

    void pass(String id, Instant began, ChangedReport report) {
        comparing
                .passes()
                .add(new Pass(
                        id,
                        Pass.Kind.CHANGED,
                        began,
                        report.took(),
                        report.rowsCompared(),
                        byKind(report.confirmed()),
                        report.inFlight().size(),
                        report.hot().size(),
                        report.notLookedAtAgain(),
                        0,
                        false));
    }

    private static Map<Difference.Kind, Long> byKind(List<Difference> differences) {
        Map<Difference.Kind, Long> counts = new EnumMap<>(Difference.Kind.class);
        differences.forEach(difference -> counts.merge(difference.kind(), 1L, Long::sum));
        return counts;
    }

    /** Each is looked at by itself: a pass may have left differences out. */
    void closeWhatIsEqual() throws Exception {
        ReviewQueue queue = comparing.reviews();
        List<Review> open = new ArrayList<>(queue.list(Review.State.OPEN, Planning.MOST_REVIEWS));
        open.addAll(queue.list(Review.State.DECIDED, Planning.MOST_REVIEWS));
        open.addAll(queue.list(Review.State.ACCEPTED, Planning.MOST_REVIEWS));
        for (int from = 0; from < open.size(); from += KEYS) {
            closeWhatIsEqual(queue, open.subList(from, Math.min(open.size(), from + KEYS)));
        }
    }

    private void closeWhatIsEqual(ReviewQueue queue, List<Review> open) throws Exception {
        List<TableKey> keys = open.stream().map(comparing::keyOf).toList();
        Map<String, RowPair> rows = comparing.read(keys);
        for (int at = 0; at < keys.size(); at++) {
            TableKey key = keys.get(at);
            RowPair pair = rows.get(key.canonical());
            if (pair != null && comparing.difference(key, pair).isEmpty()) {
                queue.close(
                        open.get(at).key(),
                        open.get(at).version(),
                        comparing.migration.operator(),
                        "a pass has found both sides equal");
            }
        }
    }
}
