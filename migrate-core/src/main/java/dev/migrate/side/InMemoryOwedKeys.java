package dev.migrate.side;

import dev.migrate.side.InMemorySideBooks.Entry;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is seen and decided of a journal in memory. */
record InMemoryOwedKeys(Map<String, Entry> journal) implements OwedKeys {
    @Override
    public boolean dismiss(String key, Dismissal dismissal) {
        Entry entry = journal.get(key);
        if (entry == null || !entry.owed().isParked()) {
            return false;
        }
        return journal.replace(key, entry, entry.with(decided(entry.owed(), dismissal)));
    }

    private static Owed decided(Owed owed, Dismissal dismissal) {
        return new Owed(
                owed.key(),
                owed.segment(),
                owed.version(),
                owed.since(),
                owed.attempts(),
                owed.lastError(),
                false,
                dismissal);
    }

    @Override
    public List<Owed> dismissed(int limit) {
        return oldest(entry -> entry.owed().isDismissed(), limit);
    }

    @Override
    public Set<String> dismissedAmong(Collection<String> keys) {
        return keys.stream()
                .filter(key -> {
                    Entry entry = journal.get(key);
                    return entry != null && entry.owed().isDismissed();
                })
                .collect(Collectors.toSet());
    }

    @Override
    public List<Owed> page(@Nullable String after, int limit) {
        return journal.entrySet().stream()
                .filter(row -> after == null || row.getKey().compareTo(after) > 0)
                .sorted(Map.Entry.comparingByKey())
                .limit(limit)
                .map(row -> row.getValue().owed())
                .toList();
    }

    List<Owed> parked(int limit) {
        return oldest(entry -> entry.owed().isParked(), limit);
    }

    private List<Owed> oldest(Predicate<Entry> which, int limit) {
        return journal.values().stream()
                .filter(which)
                .map(Entry::owed)
                .sorted(Comparator.comparing(Owed::since))
                .limit(limit)
                .toList();
    }

    List<Owed> conflicting(Instant around, int limit) {
        return journal.values().stream()
                .filter(entry -> entry.isConflicting() && !entry.owed().isDismissed())
                .map(Entry::owed)
                .sorted(Comparator.comparing(
                        owed -> java.time.Duration.between(around, owed.since()).abs()))
                .limit(limit)
                .toList();
    }

    boolean retry(String key) {
        Entry entry = journal.get(key);
        if (entry == null || !(entry.owed().isParked() || entry.owed().isDismissed())) {
            return false;
        }
        Owed owed = entry.owed();
        Owed again = new Owed(key, owed.segment(), owed.version(), owed.since(), 0, owed.lastError(), false);
        return journal.replace(key, entry, new Entry(again, Instant.MIN, null, Instant.MIN, entry.isConflicting()));
    }

    Debt debt(SegmentRange range) {
        return journal.values().stream()
                .map(Entry::owed)
                .filter(owed -> range.contains(owed.segment()))
                .map(InMemoryOwedKeys::debtOf)
                .reduce(Debt.NONE, Debt::plus);
    }

    private static Debt debtOf(Owed owed) {
        return owed.isDismissed()
                ? Debt.ofDismissed(1)
                : new Debt(1, owed.isParked() ? 1 : 0, java.util.Optional.of(owed.since()));
    }
}
