package dev.migrate.reconcile;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.Version;
import dev.migrate.internal.write.Cover;
import dev.migrate.side.Owed;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.LedgerKey;
import dev.migrate.table.Horizon;
import dev.migrate.table.TableKey;
import dev.migrate.table.TableSide;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What was written through the migration. What a side owes is in its journal, and what of that has arrived is in the other side's ledger, under the version
 * that the side has drawn.
 *
 * <p>A version is drawn some time before it is committed, so the mark is a version of before: one that was drawn before the oldest transaction began that
 * could not be seen. Each pass draws one for those to come, and notes when.
 */
final class JournalChanges implements Changes {
    private static final int PAGE = 1_000;
    private static final int MOST_DRAWN = 40;
    private final Comparing comparing;
    private final Duration overlap;
    private final Map<Side, Versions> versions = new EnumMap<>(Side.class);
    private long generation;
    private boolean reliesOnOverlap;

    JournalChanges(Comparing comparing, Duration overlap) {
        this.comparing = comparing;
        this.overlap = overlap;
    }

    /** A version that a side has drawn, and a moment by its database's clock that was no earlier. */
    private record Drawn(Version version, Instant at) {
        static final Drawn NONE = new Drawn(Version.NONE, Instant.EPOCH);

        String format() {
            return version.epoch() + " " + version.sequence() + " " + at;
        }

        static Drawn parse(String text) {
            String[] parts = text.split(" ", 3);
            return new Drawn(new Version(Long.parseLong(parts[0]), Long.parseLong(parts[1])), Instant.parse(parts[2]));
        }
    }

    /** What a side has drawn, the mark of this pass first. */
    private static final class Versions {
        private final List<Drawn> drawn;
        private Instant horizon = Instant.EPOCH;

        Versions(List<Drawn> drawn) {
            this.drawn = new ArrayList<>(drawn);
        }

        Version mark() {
            return drawn.get(0).version();
        }

        /** Begins with the latest that was drawn before the horizon; of the others any may be left out. */
        String next() {
            List<Drawn> next = new ArrayList<>(drawn);
            while (next.size() > 1 && !next.get(1).at().isAfter(horizon)) {
                next.remove(0);
            }
            for (int at = next.size() - 2; at > 0 && next.size() > MOST_DRAWN; at -= 2) {
                next.remove(at);
            }
            return next.stream().map(Drawn::format).collect(Collectors.joining(","));
        }
    }

    @Override
    public String name() {
        return "journal";
    }

    @Override
    public void from(@Nullable List<String> place) {
        if (comparing.migration.view().position().stage() == Stage.LEGACY_ONLY) {
            throw new MigrationException(
                    "a pass over what has changed by the journal must be made where writes are journalled, but"
                            + " migration '" + comparing.migration.name()
                            + "' stands on LEGACY_ONLY; name a column with ChangedRows.by(..), or compare all rows with run()");
        }
        generation = Cover.generation(comparing.migration);
        if (place != null && Long.parseLong(place.get(0)) != generation) {
            throw new MigrationException("migration '" + comparing.migration.name()
                    + "' has stood on LEGACY_ONLY since the last pass over what has changed by the journal, and what was written"
                    + " there is in none; make a full pass with run(), and begin again with forgetChanged(..)");
        }
        for (Side side : Side.values()) {
            versions.put(
                    side,
                    new Versions(
                            place == null
                                    ? List.of(Drawn.NONE)
                                    : List.of(place.get(side == Side.LEGACY ? 1 : 2)
                                                    .split(","))
                                            .stream()
                                            .map(Drawn::parse)
                                            .toList()));
        }
    }

    private Versions of(Side side) {
        return Objects.requireNonNull(versions.get(side));
    }

    @Override
    public void begin() throws Exception {
        for (Side side : Side.values()) {
            TableSide table = comparing.table(side);
            Version drawn = comparing.books(side).drawVersion();
            Horizon horizon = table.horizon();
            Versions known = of(side);
            Instant last = known.drawn.get(known.drawn.size() - 1).at();
            if (horizon.now().isBefore(last)) {
                throw ColumnChanges.setBack(table, horizon.now(), last);
            }
            known.drawn.add(new Drawn(drawn, horizon.now()));
            known.horizon = horizon.oldest().minus(overlap);
            reliesOnOverlap |= !horizon.isWhole();
        }
    }

    /** The journals first: what leaves them is in a ledger by then. */
    @Override
    public void scan(TableSide.Sink<TableKey> sink) throws Exception {
        for (Side side : Side.values()) {
            scanJournal(comparing.books(side), sink);
        }
        for (Side side : Side.values()) {
            scanLedger(comparing.books(side.other()), of(side).mark(), sink);
        }
    }

    private void scanJournal(SideBooks books, TableSide.Sink<TableKey> sink) throws Exception {
        List<Owed> page = books.owedKeys().page(null, PAGE);
        while (!page.isEmpty()) {
            for (Owed owed : page) {
                sink.accept(comparing.legacy.keyOf(owed.key()));
            }
            page = books.owedKeys().page(page.get(page.size() - 1).key(), PAGE);
        }
    }

    private void scanLedger(SideBooks books, Version mark, TableSide.Sink<TableKey> sink) throws Exception {
        List<LedgerKey> page = books.ledgerSince(mark, null, PAGE);
        while (!page.isEmpty()) {
            for (LedgerKey held : page) {
                sink.accept(comparing.legacy.keyOf(held.key()));
            }
            page = books.ledgerSince(mark, page.get(page.size() - 1).key(), PAGE);
        }
    }

    @Override
    public List<String> next() {
        return List.of(
                Long.toString(generation),
                of(Side.LEGACY).next(),
                of(Side.TARGET).next());
    }

    @Override
    public boolean reliesOnOverlap() {
        return reliesOnOverlap;
    }
}
