package dev.migrate.reconcile;

import dev.migrate.AuditEntry;
import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.reconcile.RollbackReport.ChangedPart;
import dev.migrate.reconcile.RollbackReport.Verdict;
import dev.migrate.side.Owed;
import dev.migrate.side.SideBooks;
import dev.migrate.table.KeyRange;
import dev.migrate.table.Row;
import dev.migrate.table.TableKey;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One check of legacy against a rollback point.
 *
 * <p>Digests say which parts are as they were. In the others, and in those of which the books say that a key was written since, every row is
 * compared with the target's, which has every later write that legacy must have; what differs is looked at again as in a reconciliation.
 * A part that is other than it was although no write is known was changed past the library, unless there was a time at which legacy was
 * written without a journal.
 */
final class RollbackCheck {
    private static final int PAGE = 1_000;
    private static final int ENTRIES = 100_000;
    private final Comparing comparing;
    private final RollbackPoint point;
    private final SecondLook look;
    private final int pageRows;
    private final int mostKeys;
    private final List<TableKey> suspects = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();
    private long compared;
    private long beyond;

    RollbackCheck(Comparing comparing, RollbackPoint point, SecondLook look, int pageRows, int mostKeys) {
        this.comparing = comparing;
        this.point = point;
        this.look = look;
        this.pageRows = pageRows;
        this.mostKeys = mostKeys;
    }

    /** Makes it; {@code schema} is legacy's present fingerprint, empty where the point has none. */
    RollbackReport run(String schema) throws Exception {
        PartDigests then = point.digests();
        PartDigests now = PartDigests.read(comparing.legacy, then.parts());
        BitSet changed = then.differing(now);
        BitSet written = written();
        BitSet asked = (BitSet) changed.clone();
        asked.or(written);
        if (!asked.isEmpty()) {
            compareLegacy(asked);
            compareTarget(asked);
            look.at(suspects);
        }
        long asThen = 0;
        List<ChangedPart> unexplained = new ArrayList<>();
        for (int part = 0; part < then.parts(); part++) {
            if (!asked.get(part)) {
                asThen += now.rows(part);
            } else if (!written.get(part)) {
                unexplained.add(new ChangedPart(part, then.parts(), then.rows(part), now.rows(part)));
            }
        }
        return judged(asThen, unexplained, !schema.equals(point.schema().orElse("")));
    }

    private RollbackReport judged(long asThen, List<ChangedPart> unexplained, boolean isAltered) {
        List<String> keys = new ArrayList<>(
                look.confirmed().stream().map(one -> one.key().canonical()).toList());
        boolean isOnLegacyOnly = comparing.migration.latestView().position().stage() == Stage.LEGACY_ONLY;
        boolean differs = (!keys.isEmpty() && !isOnLegacyOnly) || isAltered;
        if (isAltered) {
            reasons.add("legacy's schema is not what it was");
        }
        if (!keys.isEmpty() && isOnLegacyOnly) {
            reasons.add(keys.size()
                    + " rows are not the target's, which is not written on LEGACY_ONLY; legacy may have been"
                    + " written since: check before the last step back");
        }
        int open = look.inFlight().size() + look.hot().size();
        if (open > 0) {
            reasons.add(open + " rows are still on their way, or are written all the time; check again");
        }
        if (beyond > 0) {
            reasons.add(beyond + " more rows differed at first sight than are looked at again; see mostKeys(..)");
        }
        if (!unexplained.isEmpty()) {
            boolean isJournalled = wasJournalledSince();
            differs |= isJournalled;
            reasons.add(unexplained.size() + " of " + point.digests().parts()
                    + (isJournalled
                            ? " parts were changed past the library: no write of a key in them is known"
                            : " parts were changed by no known write, but legacy was written without a journal for a"
                                    + " time, on LEGACY_ONLY"));
        }
        Verdict verdict = differs ? Verdict.DIFFERS : reasons.isEmpty() ? Verdict.PROVED : Verdict.NOT_PROVABLE;
        return new RollbackReport(verdict, asThen, compared - beyond - open - keys.size(), keys, unexplained, reasons);
    }

    private boolean wasJournalledSince() {
        return point.position().stage() != Stage.LEGACY_ONLY
                && comparing.migration.audit(ENTRIES).stream()
                        .filter(entry -> entry.version() > point.epoch())
                        .map(AuditEntry::to)
                        .noneMatch(to -> Position.parse(to).stage() == Stage.LEGACY_ONLY);
    }

    /** The parts of all keys whose version may be later than the point. */
    private BitSet written() {
        BitSet parts = new BitSet();
        for (Side side : Side.values()) {
            SideBooks books = comparing.books(side);
            List<SideBooks.LedgerKey> held = books.ledger(null, PAGE);
            while (!held.isEmpty()) {
                held.stream()
                        .filter(one -> one.version().epoch() >= point.since())
                        .forEach(one -> parts.set(point.digests().partOf(one.key())));
                held = books.ledger(held.get(held.size() - 1).key(), PAGE);
            }
            List<Owed> owed = books.owedKeys().page(null, PAGE);
            while (!owed.isEmpty()) {
                owed.forEach(one -> parts.set(point.digests().partOf(one.key())));
                owed = books.owedKeys().page(owed.get(owed.size() - 1).key(), PAGE);
            }
        }
        return parts;
    }

    private void compareLegacy(BitSet asked) throws Exception {
        @Nullable TableKey last = comparing.legacy.last().orElse(null);
        @Nullable TableKey after = null;
        while (last != null && !last.equals(after)) {
            TableKey upTo = comparing
                    .legacy
                    .boundary(new KeyRange(after, last), pageRows)
                    .orElse(last);
            Map<String, Row> rows = new LinkedHashMap<>();
            comparing.legacy.scan(new KeyRange(after, upTo), row -> {
                if (asked.get(point.digests().partOf(row.key()))) {
                    rows.put(row.key().canonical(), row);
                }
            });
            Map<String, Row> inTarget =
                    comparing.target.find(rows.values().stream().map(Row::key).toList());
            for (Row row : rows.values()) {
                compared++;
                RowPair pair = new RowPair(row, inTarget.get(row.key().canonical()));
                if (comparing.difference(row.key(), pair).isPresent()) {
                    suspect(row.key());
                }
            }
            after = upTo;
        }
    }

    /** What legacy must have and has not. */
    private void compareTarget(BitSet asked) throws Exception {
        @Nullable TableKey last = comparing.target.last().orElse(null);
        @Nullable TableKey after = null;
        while (last != null && !last.equals(after)) {
            TableKey upTo = comparing
                    .target
                    .boundary(new KeyRange(after, last), pageRows)
                    .orElse(last);
            List<TableKey> keys = new ArrayList<>();
            comparing.target.scanKeys(new KeyRange(after, upTo), key -> {
                if (asked.get(point.digests().partOf(key))) {
                    keys.add(key);
                }
            });
            Map<String, Row> inLegacy = comparing.legacy.find(keys);
            for (TableKey key : keys) {
                if (!inLegacy.containsKey(key.canonical())) {
                    compared++;
                    suspect(key);
                }
            }
            after = upTo;
        }
    }

    private void suspect(TableKey key) {
        if (suspects.size() < mostKeys) {
            suspects.add(key);
        } else {
            beyond++;
        }
    }
}
