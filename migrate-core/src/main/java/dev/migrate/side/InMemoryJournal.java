package dev.migrate.side;

import dev.migrate.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The keys owed by a side in memory, and what is done with them once they are; a key comes in under the lock of {@link InMemorySideBooks}. */
record InMemoryJournal(Map<String, Entry> journal) implements OwedKeys {
    record Entry(
            Owed owed, Instant notBefore, @Nullable String claimedBy, Instant claimedUntil, boolean isConflicting) {
        /** As it is owed now, after the failed attempts of what was owed before. */
        Entry tried(Entry before) {
            Owed failed = before.owed();
            return new Entry(
                    new Owed(
                            owed.key(),
                            owed.segment(),
                            owed.version(),
                            owed.since(),
                            failed.attempts(),
                            failed.lastError(),
                            failed.isParked() || failed.isDismissed()),
                    before.notBefore(),
                    null,
                    Instant.MIN,
                    before.isConflicting());
        }

        Entry with(Owed decided) {
            return new Entry(decided, notBefore, claimedBy, claimedUntil, isConflicting);
        }
    }

    boolean settle(String key, Version copied) {
        Entry entry = journal.get(key);
        return entry != null && entry.owed().version().equals(copied) && journal.remove(key, entry);
    }

    void postpone(String key, Version attempted, FailedAttempt failed) {
        journal.computeIfPresent(key, (unused, entry) -> {
            Owed owed = entry.owed();
            return owed.version().equals(attempted) && !owed.isDismissed()
                    ? new Entry(
                            new Owed(
                                    key,
                                    owed.segment(),
                                    attempted,
                                    owed.since(),
                                    failed.isFirst() ? 1 : owed.attempts() + 1,
                                    failed.error(),
                                    failed.park()),
                            failed.notBefore(),
                            null,
                            Instant.MIN,
                            failed.isConflict())
                    : entry;
        });
    }

    List<Owed> claim(String worker, int limit, Instant now, Duration lease) {
        return claim(
                worker,
                journal.values().stream()
                        .filter(entry -> isDue(entry, now))
                        .sorted(Comparator.comparing(entry -> entry.owed().since()))
                        .limit(limit)
                        .toList(),
                now,
                lease);
    }

    Optional<Owed> claim(String worker, String key, Instant now, Duration lease) {
        Entry entry = journal.get(key);
        List<Entry> due = entry != null && isDue(entry, now) ? List.of(entry) : List.of();
        return claim(worker, due, now, lease).stream().findFirst();
    }

    private List<Owed> claim(String worker, List<Entry> due, Instant now, Duration lease) {
        List<Owed> claimed = new ArrayList<>();
        for (Entry entry : due) {
            Entry taken = new Entry(entry.owed(), entry.notBefore(), worker, now.plus(lease), entry.isConflicting());
            if (journal.replace(entry.owed().key(), entry, taken)) {
                claimed.add(entry.owed());
            }
        }
        return claimed;
    }

    private static boolean isDue(Entry entry, Instant now) {
        return !entry.owed().isParked()
                && !entry.owed().isDismissed()
                && !entry.notBefore().isAfter(now)
                && !entry.claimedUntil().isAfter(now);
    }

    void release(String worker, Collection<String> keys) {
        keys.forEach(key -> journal.computeIfPresent(
                key,
                (unused, entry) -> worker.equals(entry.claimedBy())
                        ? new Entry(entry.owed(), entry.notBefore(), null, Instant.MIN, entry.isConflicting())
                        : entry));
    }

    void hasten(SegmentRange range) {
        journal.replaceAll((key, entry) -> range.contains(entry.owed().segment())
                ? new Entry(entry.owed(), Instant.MIN, null, Instant.MIN, entry.isConflicting())
                : entry);
    }

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
                        owed -> Duration.between(around, owed.since()).abs()))
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
                .map(InMemoryJournal::debtOf)
                .reduce(Debt.NONE, Debt::plus);
    }

    private static Debt debtOf(Owed owed) {
        return owed.isDismissed()
                ? Debt.ofDismissed(1)
                : new Debt(1, owed.isParked() ? 1 : 0, Optional.of(owed.since()));
    }
}
