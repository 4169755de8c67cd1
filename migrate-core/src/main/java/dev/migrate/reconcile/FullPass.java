package dev.migrate.reconcile;

import dev.migrate.table.KeyRange;
import dev.migrate.table.RangeSignatures;
import dev.migrate.table.Row;
import dev.migrate.table.TableKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One pass over both tables, page by page; its findings are suspects, no more.
 *
 * <p>A page is a range of legacy's keys. Where the two databases put keys into the same order, it is a range of the target's as well,
 * and one look at each side finds what is missing, different and extra. Where they do not, no range may be compared with another:
 * legacy's rows are looked up in the target by key, and then the target's keys in legacy. The end of both tables is frozen at the
 * beginning. The target's rows of a page are streamed: there may be any number of them between two of legacy's. While a page is compared, a
 * thread beside the caller's reads legacy's rows of the next.
 *
 * <p>Where the two databases can say that ranges are the same ({@link RangeSignatures}), rows are read only of those that are not.
 */
final class FullPass {
    private final Comparing comparing;
    private final int pageRows;
    private final int mostSuspects;
    private final Progress progress;
    private final List<TableKey> suspects = new ArrayList<>();
    private long compared;
    private long cleared;
    private long beyond;

    /** Is told how far the pass has come. */
    @FunctionalInterface
    interface Progress {
        /** So many rows are compared, and so many of these were cleared by signatures. */
        void at(long compared, long cleared);
    }

    FullPass(Comparing comparing, int pageRows, int mostSuspects, Progress progress) {
        this.comparing = comparing;
        this.pageRows = pageRows;
        this.mostSuspects = mostSuspects;
        this.progress = progress;
    }

    List<TableKey> suspects() {
        return suspects;
    }

    long compared() {
        return compared;
    }

    /** How many of the compared rows were cleared by the signature of a range. */
    long cleared() {
        return cleared;
    }

    /** How many suspects there were beyond those that are kept. */
    long beyond() {
        return beyond;
    }

    /** Does it; {@code signed} says whether signatures may be used, where both tables can give them. */
    void run(boolean signed) throws Exception {
        @Nullable TableKey lastInLegacy = comparing.legacy.last().orElse(null);
        @Nullable TableKey lastInTarget = comparing.target.last().orElse(null);
        boolean isAlike = comparing.target.ordersLike(comparing.legacy);
        if (lastInLegacy != null) {
            Optional<RangeSignatures> given = signed && isAlike ? comparing.signatures() : Optional.empty();
            if (given.isPresent()) {
                try (RangeSignatures signatures = given.get()) {
                    new SignedRanges(signatures, this::clear, this::compareRows).walk(lastInLegacy);
                }
            } else {
                comparePages(null, lastInLegacy, isAlike);
            }
        }
        if (lastInTarget != null && isAlike) {
            comparing.target.scanKeys(new KeyRange(lastInLegacy, lastInTarget), this::extra);
        } else if (lastInTarget != null) {
            lookUpTarget(lastInTarget);
        }
    }

    private void clear(long rows) {
        compared += rows;
        cleared += rows;
        progress.at(compared, cleared);
    }

    /** A range that had so many rows in legacy, of keys that order alike. */
    private void compareRows(KeyRange range, long rows) throws Exception {
        TableKey last = range.upTo();
        if (rows <= pageRows || last == null) {
            comparePage(page(range), true);
        } else {
            comparePages(range.after(), last, true);
        }
    }

    /** The first page is read by this thread, so that a table of one page needs no other; each later one while that before it is compared. */
    private void comparePages(@Nullable TableKey before, TableKey last, boolean isAlike) throws Exception {
        Pages pages = new Pages(before, last);
        @Nullable Page page = pages.next();
        if (page != null && last.equals(page.range().upTo())) {
            comparePage(page, isAlike);
        } else if (page != null) {
            try (Ahead<Page> ahead = new Ahead<>("migrate-pages", 1, pages::next)) {
                for (; page != null; page = ahead.next()) {
                    comparePage(page, isAlike);
                }
            }
        }
    }

    /** A range of keys, and legacy's rows in it by canonical key. */
    private record Page(KeyRange range, Map<String, Row> rows) {}

    /** Legacy's pages, one after the other; used by one thread at a time. */
    private final class Pages {
        private final TableKey last;
        private @Nullable TableKey after;

        Pages(@Nullable TableKey after, TableKey last) {
            this.after = after;
            this.last = last;
        }

        /** Null where there is none any more. */
        @Nullable Page next() throws Exception {
            if (last.equals(after)) {
                return null;
            }
            TableKey upTo = comparing
                    .legacy
                    .boundary(new KeyRange(after, last), pageRows)
                    .orElse(last);
            KeyRange range = new KeyRange(after, upTo);
            after = upTo;
            return page(range);
        }
    }

    private Page page(KeyRange range) throws Exception {
        Map<String, Row> rows = new LinkedHashMap<>();
        comparing.legacy.scan(range, row -> rows.put(row.key().canonical(), row));
        return new Page(range, rows);
    }

    private void comparePage(Page page, boolean isAlike) throws Exception {
        Map<String, Row> rows = page.rows();
        compared += rows.size();
        if (isAlike) {
            comparing.target.scan(
                    page.range(), row -> compare(rows.remove(row.key().canonical()), row));
        } else {
            List<TableKey> keys = rows.values().stream().map(Row::key).toList();
            comparing.target.find(keys).forEach((key, row) -> compare(rows.remove(key), row));
        }
        rows.values().forEach(missing -> suspect(missing.key()));
        progress.at(compared, cleared);
    }

    private void compare(@Nullable Row legacy, Row target) {
        if (legacy == null) {
            extra(target.key());
        } else if (comparing
                .difference(legacy.key(), new RowPair(legacy, target))
                .isPresent()) {
            suspect(legacy.key());
        }
    }

    private void lookUpTarget(TableKey last) throws Exception {
        @Nullable TableKey after = null;
        while (!last.equals(after)) {
            Optional<TableKey> boundary = comparing.target.boundary(new KeyRange(after, last), pageRows);
            TableKey upTo = boundary.orElse(last);
            List<TableKey> page = new ArrayList<>();
            comparing.target.scanKeys(new KeyRange(after, upTo), page::add);
            Map<String, Row> found = comparing.legacy.find(page);
            page.stream().filter(key -> !found.containsKey(key.canonical())).forEach(this::extra);
            after = upTo;
            progress.at(compared, cleared);
        }
    }

    private void extra(TableKey key) {
        compared++;
        suspect(key);
    }

    private void suspect(TableKey key) {
        if (suspects.size() < mostSuspects) {
            suspects.add(key);
        } else {
            beyond++;
        }
    }
}
