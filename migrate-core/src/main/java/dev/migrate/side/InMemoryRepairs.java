package dev.migrate.side;

import dev.migrate.MigrationException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What repairs have done, in memory; committed with the transactions of {@link InMemorySideBooks}. */
final class InMemoryRepairs implements Repairs {
    private static final Comparator<RepairedRow> OLDEST =
            Comparator.comparing(RepairedRow::at).thenComparingInt(RepairedRow::line);

    private record Place(String run, int line) {}

    private final InMemorySideBooks books;
    private final List<RepairedRow> rows = new ArrayList<>();

    /** Rows that a running transaction is undoing: no other does. */
    private final Set<Place> undoing = new HashSet<>();

    InMemoryRepairs(InMemorySideBooks books) {
        this.books = books;
    }

    @Override
    public void add(RepairedRow row) {
        requireTransaction();
        books.withCommit(() -> {
            synchronized (this) {
                rows.add(row);
            }
        });
    }

    @Override
    public synchronized List<RepairedRow> rows(String run, int afterLine, int limit) {
        return rows.stream()
                .filter(row -> row.run().equals(run) && row.line() > afterLine)
                .sorted(Comparator.comparingInt(RepairedRow::line))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized boolean undone(String run, int line, String by) {
        requireTransaction();
        Place place = new Place(run, line);
        boolean isOpen =
                rows.stream().anyMatch(row -> row.run().equals(run) && row.line() == line && row.undoneBy() == null);
        if (!isOpen || !undoing.add(place)) {
            return false;
        }
        books.withCommit(() -> undo(place, by));
        books.withEnd(() -> release(place));
        return true;
    }

    private synchronized void undo(Place place, String by) {
        rows.replaceAll(row -> row.run().equals(place.run()) && row.line() == place.line() ? row.undone(by) : row);
    }

    private synchronized void release(Place place) {
        undoing.remove(place);
    }

    @Override
    public synchronized List<RepairedRow> latest(int limit) {
        return rows.stream().sorted(OLDEST.reversed()).limit(limit).toList();
    }

    @Override
    public synchronized int forget(Instant before) {
        int known = rows.size();
        rows.removeIf(row -> row.at().isBefore(before));
        return known - rows.size();
    }

    private void requireTransaction() {
        if (!books.isInTransaction()) {
            throw new MigrationException(
                    "books in memory can keep a repair only inside a transaction of theirs; call inTransaction(..) around it");
        }
    }
}
