package dev.migrate.internal.write;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.KeyDismissed;
import dev.migrate.Side;
import dev.migrate.side.Dismissal;
import dev.migrate.side.Owed;
import dev.migrate.side.OwedKeys;
import dev.migrate.side.SideBooks;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a person sees and decides of the keys that two sides owe each other. */
public final class Decisions<K> {
    private static final int PAGE = 500;
    private final Migration migration;
    private final String records;
    private final KeyNames<K> names;
    private final TwoSides<SideBooks> books;

    Decisions(Migration migration, String records, KeyNames<K> names, TwoSides<SideBooks> books) {
        this.migration = migration;
        this.records = records;
        this.names = names;
        this.books = books;
    }

    /** All keys in the journals, legacy's first; never more than a page of them is held. */
    public Stream<Owed> owed() {
        return Stream.of(Side.LEGACY, Side.TARGET).flatMap(this::owed);
    }

    private Stream<Owed> owed(Side side) {
        OwedKeys keys = books.of(side).owedKeys();
        return Stream.iterate(
                        keys.page(null, PAGE),
                        page -> !page.isEmpty(),
                        page -> page.size() < PAGE
                                ? List.of()
                                : keys.page(page.get(page.size() - 1).key(), PAGE))
                .flatMap(List::stream);
    }

    /** The dismissed keys of both sides, at most so many of each. */
    public List<Owed> dismissed(int limit) {
        List<Owed> dismissed = new ArrayList<>();
        for (Side side : Side.values()) {
            dismissed.addAll(books.of(side).owedKeys().dismissed(limit));
        }
        return dismissed;
    }

    /** Dismisses a parked key; false where it is not parked. */
    public boolean dismiss(K key, String why) {
        Dismissal dismissal =
                new Dismissal(migration.operator(), why, migration.time().instant());
        String text = names.textOf(key);
        boolean isDismissed = false;
        for (Side side : Side.values()) {
            if (books.of(side).owedKeys().dismiss(text, dismissal)) {
                isDismissed = true;
                migration.publish(new KeyDismissed(
                        migration.name(), records, side.other(), text, dismissal.who(), dismissal.why()));
            }
        }
        return isDismissed;
    }

    /** Takes up a parked or dismissed key again; false where it is neither. */
    public boolean retry(K key) {
        String text = names.textOf(key);
        boolean byLegacy = books.legacy().retry(text);
        return books.target().retry(text) || byLegacy;
    }
}
