package dev.migrate.store;

import dev.migrate.reconcile.Pass;
import dev.migrate.reconcile.PassHistory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What passes have found, in memory. */
final class InMemoryPasses implements PassHistory {
    private static final Comparator<Pass> OLDEST =
            Comparator.comparing(Pass::began).thenComparing(Pass::id);
    private final List<Pass> passes = new ArrayList<>();

    @Override
    public synchronized void add(Pass pass) {
        passes.add(pass);
    }

    @Override
    public synchronized void repaired(String pass, long rows) {
        passes.replaceAll(known -> known.id().equals(pass) ? known.repaired(rows) : known);
    }

    @Override
    public synchronized List<Pass> latest(int limit) {
        return passes.stream().sorted(OLDEST.reversed()).limit(limit).toList();
    }

    @Override
    public synchronized Optional<Pass> firstClean() {
        return passes.stream().filter(Pass::isClean).min(OLDEST);
    }

    @Override
    public synchronized int forget(Instant before) {
        Optional<Pass> kept = firstClean();
        int known = passes.size();
        passes.removeIf(pass -> pass.began().isBefore(before) && !kept.equals(Optional.of(pass)));
        return known - passes.size();
    }
}
