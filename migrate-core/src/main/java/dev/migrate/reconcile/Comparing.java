package dev.migrate.reconcile;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.side.SideBooks;
import dev.migrate.table.BoundMapping;
import dev.migrate.table.RangeSignatures;
import dev.migrate.table.Row;
import dev.migrate.table.TableKey;
import dev.migrate.table.TableSide;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The two tables that are compared, with their books and their mapping. */
final class Comparing {
    final Migration migration;
    final TableSide legacy;
    final TableSide target;
    final BoundMapping mapping;
    private final SideBooks legacyBooks;
    private final SideBooks targetBooks;

    Comparing(Migration migration, TableSide legacy, TableSide target, BoundMapping mapping) {
        this.migration = migration;
        this.legacy = legacy;
        this.target = target;
        this.mapping = mapping;
        this.legacyBooks = legacy.books(migration.name(), Side.LEGACY);
        this.targetBooks = target.books(migration.name(), Side.TARGET);
    }

    /** Where what was found is kept; empty where the store keeps none of it. */
    Optional<ReconciliationKeeper> keeper() {
        return migration.store() instanceof ReconciliationKeeper keeper ? Optional.of(keeper) : Optional.empty();
    }

    /** What people are to decide; refused where the store keeps none of it. */
    ReviewQueue reviews() {
        return keeper().map(keeper -> keeper.reviews(migration.name(), legacy.records()))
                .orElseThrow(() -> noKeeper("reviews"));
    }

    /** What passes have found; refused where the store keeps none of it. */
    PassHistory passes() {
        return keeper().map(keeper -> keeper.passes(migration.name(), legacy.records()))
                .orElseThrow(() -> noKeeper("history"));
    }

    private MigrationException noKeeper(String what) {
        return new MigrationException(
                "the store of migration '" + migration.name() + "', a "
                        + migration.store().getClass().getSimpleName() + ", keeps no " + what
                        + " of reconciliations; give the migration a store that is a ReconciliationKeeper, as JdbcMigrationStore is");
    }

    TableKey keyOf(Review review) {
        return legacy.parseCursor(review.found().cursor());
    }

    TableSide table(Side side) {
        return side == Side.LEGACY ? legacy : target;
    }

    SideBooks books(Side side) {
        return side == Side.LEGACY ? legacyBooks : targetBooks;
    }

    int segment(TableKey key) {
        return Position.segmentOf(migration.bucketOf(legacy.partition(key)));
    }

    Side authoritative(TableKey key) {
        return migration.stageOf(legacy.partition(key)).authoritative();
    }

    Optional<Difference> difference(TableKey key, RowPair rows) {
        return rows.difference(key.canonical(), mapping, authoritative(key));
    }

    /** Those of the keys that either side is owed. A dismissed one is not: nobody brings it, so its difference is one. */
    Set<String> owed(Collection<TableKey> keys) {
        List<String> texts = keys.stream().map(TableKey::canonical).toList();
        Set<String> owed = owed(legacyBooks, texts);
        owed.addAll(owed(targetBooks, texts));
        return owed;
    }

    private static Set<String> owed(SideBooks books, List<String> keys) {
        Set<String> owed = new HashSet<>(books.owedAmong(keys));
        if (!owed.isEmpty()) {
            owed.removeAll(books.owedKeys().dismissedAmong(owed));
        }
        return owed;
    }

    /** Those of the keys that are in either journal, dismissed or not: a copy of them may still come. */
    Set<String> inJournal(Collection<TableKey> keys) {
        List<String> texts = keys.stream().map(TableKey::canonical).toList();
        Set<String> found = new HashSet<>(legacyBooks.owedAmong(texts));
        found.addAll(targetBooks.owedAmong(texts));
        return found;
    }

    /** What lets ranges be compared without reading their rows; empty where they have to be read. */
    Optional<RangeSignatures> signatures() throws Exception {
        return mapping.isPlain() ? legacy.signatures(target, mapping) : Optional.empty();
    }

    Map<String, RowPair> read(Collection<TableKey> keys) throws Exception {
        Map<String, Row> inLegacy = legacy.find(keys);
        Map<String, Row> inTarget = target.find(keys);
        Map<String, RowPair> pairs = new HashMap<>();
        for (TableKey key : keys) {
            pairs.put(key.canonical(), new RowPair(inLegacy.get(key.canonical()), inTarget.get(key.canonical())));
        }
        return pairs;
    }
}
