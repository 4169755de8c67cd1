package dev.migrate.reconcile;

import dev.migrate.table.TableKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * One pass over the rows that have changed, and over those that the pass before has left open.
 *
 * <p>What is left open: a row that differs, for whatever reason, and one whose copy is owed, which may be spoilt when it comes and need not change by
 * what tells of changes: a copy brings the time of the write along. Whether a key is owed is asked before its rows are read, so that
 * what was not owed had arrived.
 */
final class ChangedPass {
    private final Comparing comparing;
    private final int pageRows;
    private final int mostDifferences;
    private final SecondLook look;
    private final List<TableKey> page = new ArrayList<>();
    private final Map<String, TableKey> suspects = new LinkedHashMap<>();
    private final Map<String, TableKey> open = new LinkedHashMap<>();
    private long compared;
    private long beyond;

    ChangedPass(Comparing comparing, int pageRows, int mostDifferences, SecondLook look) {
        this.comparing = comparing;
        this.pageRows = pageRows;
        this.mostDifferences = mostDifferences;
        this.look = look;
    }

    /**
     * What it has found.
     *
     * @param open the keys that the next pass must look at; one more than are kept, at the most, where these are too many
     */
    record Found(
            long compared,
            List<SecondLook.Confirmed> confirmed,
            List<String> inFlight,
            List<String> hot,
            long beyond,
            List<TableKey> open,
            boolean reliesOnOverlap) {}

    /** Makes it; {@code left} is what the pass before has left open. */
    Found run(Changes changes, List<TableKey> left) throws Exception {
        changes.begin();
        for (TableKey key : left) {
            add(key);
        }
        changes.scan(this::add);
        compare();
        look.at(List.copyOf(suspects.values()));
        look.confirmed().forEach(one -> leaveOpen(one.key()));
        List<String> unsettled = new ArrayList<>(look.inFlight());
        unsettled.addAll(look.hot());
        unsettled.forEach(key -> leaveOpen(Objects.requireNonNull(suspects.get(key))));
        lookAtCleared();
        return new Found(
                compared,
                look.confirmed(),
                List.copyOf(look.inFlight()),
                List.copyOf(look.hot()),
                beyond,
                List.copyOf(open.values()),
                changes.reliesOnOverlap());
    }

    private void add(TableKey key) throws Exception {
        page.add(key);
        if (page.size() >= pageRows) {
            compare();
        }
    }

    private void compare() throws Exception {
        Set<String> owed = comparing.inJournal(page);
        Map<String, RowPair> rows = comparing.read(page);
        compared += page.size();
        for (TableKey key : page) {
            if (differs(key, rows)) {
                suspect(key);
            } else if (owed.contains(key.canonical())) {
                leaveOpen(key);
            }
        }
        page.clear();
    }

    private boolean differs(TableKey key, Map<String, RowPair> rows) {
        RowPair pair = rows.get(key.canonical());
        return pair != null && comparing.difference(key, pair).isPresent();
    }

    private void suspect(TableKey key) {
        if (suspects.size() < mostDifferences) {
            suspects.put(key.canonical(), key);
        } else if (!suspects.containsKey(key.canonical())) {
            beyond++;
        }
    }

    private void leaveOpen(TableKey key) {
        if (open.size() <= ChangedMark.MOST_OPEN) {
            open.put(key.canonical(), key);
        }
    }

    /** What the second look has cleared may have been owed then: the copy that is on its way was not seen. */
    private void lookAtCleared() throws Exception {
        List<TableKey> cleared = suspects.values().stream()
                .filter(key -> !open.containsKey(key.canonical()))
                .toList();
        for (int from = 0; from < cleared.size(); from += pageRows) {
            List<TableKey> some = cleared.subList(from, Math.min(cleared.size(), from + pageRows));
            Set<String> owed = comparing.inJournal(some);
            Map<String, RowPair> rows = comparing.read(some);
            some.stream()
                    .filter(key -> owed.contains(key.canonical()) || differs(key, rows))
                    .forEach(this::leaveOpen);
        }
    }
}
