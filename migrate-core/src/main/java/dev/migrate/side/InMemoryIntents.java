package dev.migrate.side;

import dev.migrate.Version;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Intents in memory. Whoever ends one owes the key before the intent goes, alone at the key: at no moment is a write in neither place, and
 * of two who end it one finds it.
 */
final class InMemoryIntents implements Intents {
    private record Begun(Intent intent, Instant since) {
        SideBooks.Key key() {
            return new SideBooks.Key(intent.key(), intent.segment());
        }
    }

    private final InMemorySideBooks books;
    private final InstantSource time;
    private final Map<Version, Begun> begun = new ConcurrentHashMap<>();

    InMemoryIntents(InMemorySideBooks books, InstantSource time) {
        this.books = books;
        this.time = time;
    }

    @Override
    public Intent begin(SideBooks.Key key, Instant deadline, String owner) {
        return books.asAuthority(key.segment(), version -> {
            Intent intent = new Intent(key.text(), key.segment(), version, deadline, owner);
            begun.put(version, new Begun(intent, time.instant()));
            return intent;
        });
    }

    @Override
    public boolean acknowledge(Intent intent) {
        return end(intent.key(), intent.version());
    }

    private boolean end(String key, Version version) {
        return books.aloneAt(key, () -> {
            Begun found = begun.get(version);
            if (found == null) {
                return false;
            }
            books.oweUnderItsLocks(found.key(), Instant.EPOCH);
            begun.remove(version);
            return true;
        });
    }

    @Override
    public int settleOverdue(Instant now, int limit) {
        List<Intent> overdue = begun.values().stream()
                .map(Begun::intent)
                .filter(intent -> !intent.deadline().isAfter(now))
                .sorted(Comparator.comparing(Intent::deadline))
                .limit(limit)
                .toList();
        int settled = 0;
        for (Intent intent : overdue) {
            settled += end(intent.key(), intent.version()) ? 1 : 0;
        }
        return settled;
    }

    @Override
    public boolean isBegun(String key) {
        return begun.values().stream().anyMatch(one -> one.intent().key().equals(key));
    }

    @Override
    public Debt debt(SegmentRange range) {
        return begun.values().stream()
                .filter(one -> range.contains(one.intent().segment()))
                .map(one -> Debt.ofIntents(1, Optional.of(one.since())))
                .reduce(Debt.NONE, Debt::plus);
    }
}
