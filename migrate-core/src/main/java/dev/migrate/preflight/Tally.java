package dev.migrate.preflight;

import dev.migrate.table.Objection;
import dev.migrate.table.RowTrial;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Objections, counted, with the keys of the first rows. It grows with the number of different objections, not with that of rows. */
final class Tally implements RowTrial.Findings {
    private static final class Count {
        private final List<String> keys = new ArrayList<>();
        private long rows;
        private boolean isExact = true;
    }

    private final int mostKeys;
    private final Map<Objection, Count> counts = new LinkedHashMap<>();
    private final Set<String> unseen = new LinkedHashSet<>();

    Tally(int mostKeys) {
        this.mostKeys = mostKeys;
    }

    @Override
    public void add(Objection objection, long rows, boolean isExact, List<String> canonicalKeys) {
        Count count = counts.computeIfAbsent(objection, unused -> new Count());
        count.rows += rows;
        count.isExact &= isExact;
        canonicalKeys.stream().limit(Math.max(0, mostKeys - count.keys.size())).forEach(count.keys::add);
    }

    @Override
    public void unseen(String what) {
        unseen.add(what);
    }

    List<PreflightFinding> findings() {
        return counts.entrySet().stream()
                .map(entry -> finding(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(PreflightFinding::rule)
                        .thenComparing(finding -> String.join(",", finding.columns()))
                        .thenComparing(PreflightFinding::what))
                .toList();
    }

    private static PreflightFinding finding(Objection objection, Count count) {
        return new PreflightFinding(
                objection.rule(), objection.columns(), objection.what(), count.rows, count.isExact, count.keys);
    }

    List<String> unseen() {
        return List.copyOf(unseen);
    }
}
