package dev.migrate.items;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.internal.write.KeyNames;
import dev.migrate.side.BookKeeper;
import dev.migrate.side.SideBooks;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The books of both collections, which the migration's store keeps, asked by the items' keys. */
final class ItemBooks {
    private final Migration migration;
    private final KeyNames<String> names;
    private final SideBooks legacy;
    private final SideBooks target;

    ItemBooks(Migration migration, String records, KeyNames<String> names) {
        if (!(migration.store() instanceof BookKeeper keeper)) {
            throw new MigrationException("the store of migration '" + migration.name()
                    + "' keeps no books, so that it cannot be seen which items '" + records
                    + "' are owed; use a store that is a BookKeeper, such as a JdbcMigrationStore");
        }
        this.migration = migration;
        this.names = names;
        this.legacy = keeper.books(migration.name(), records, Side.LEGACY);
        this.target = keeper.books(migration.name(), records, Side.TARGET);
    }

    SideBooks of(Side side) {
        return side == Side.LEGACY ? legacy : target;
    }

    String textOf(String key) {
        return names.textOf(key);
    }

    /** The side that is authoritative for a key now. */
    Side authoritative(String key) {
        return migration.view().position().stageOf(names.bucketOf(key)).authoritative();
    }

    /** Those of the keys that the target has accepted from a router, their deletes included. */
    Set<String> acceptedAmong(Collection<String> keys) {
        return among(keys, target.heldAmong(texts(keys)));
    }

    /** Those of the keys that legacy owes or, asked after that, the target has accepted. */
    Set<String> touchedAmong(Collection<String> keys, Runnable between) {
        List<String> texts = texts(keys);
        Set<String> touched = new HashSet<>(legacy.owedAmong(texts));
        between.run();
        touched.addAll(target.heldAmong(texts));
        return among(keys, touched);
    }

    /** Those of the keys that either side owes; a dismissed one is not, because nobody brings it. */
    Set<String> owedAmong(Collection<String> keys) {
        List<String> texts = texts(keys);
        Set<String> owed = new HashSet<>();
        for (SideBooks books : List.of(legacy, target)) {
            Set<String> here = new HashSet<>(books.owedAmong(texts));
            if (!here.isEmpty()) {
                here.removeAll(books.owedKeys().dismissedAmong(here));
            }
            owed.addAll(here);
        }
        return among(keys, owed);
    }

    void oweToTarget(Collection<String> keys) {
        if (!keys.isEmpty()) {
            legacy.owe(
                    keys.stream().map(names::inBooks).toList(), migration.time().instant());
        }
    }

    private List<String> texts(Collection<String> keys) {
        return keys.stream().map(names::textOf).toList();
    }

    private Set<String> among(Collection<String> keys, Set<String> texts) {
        Set<String> among = new HashSet<>();
        keys.stream().filter(key -> texts.contains(names.textOf(key))).forEach(among::add);
        return among;
    }
}
