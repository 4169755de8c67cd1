package dev.migrate.reconcile;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.internal.write.Cover;
import dev.migrate.reconcile.RowRange.Cursor;
import dev.migrate.table.KeyRange;
import dev.migrate.table.TableKey;
import dev.migrate.table.TableSide;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link FullPass} in parts: the ends of both tables are frozen and the ranges between cut by one, each range is compared by whoever has it,
 * and what was seen is put together by one.
 *
 * <p>A cursor goes back to the table that has written it: a key of the target is not taken for one of legacy's.
 */
final class RangedPass {
    private final Comparing comparing;

    RangedPass(Comparing comparing) {
        this.comparing = comparing;
    }

    String subject() {
        return comparing.migration.name() + "/" + comparing.legacy.records();
    }

    /** The ranges of a plan, of about so many rows of legacy each. */
    List<RowRange> ranges(String plan, int rows) throws Exception {
        @Nullable TableKey lastInLegacy = comparing.legacy.last().orElse(null);
        @Nullable TableKey lastInTarget = comparing.target.last().orElse(null);
        Cutting cutting = new Cutting(plan, rows, comparing.target.ordersLike(comparing.legacy));
        if (lastInLegacy != null) {
            cutting.cut(Side.LEGACY, null, null, lastInLegacy);
        }
        if (lastInTarget == null) {
            return cutting.ranges;
        }
        if (!cutting.isAlike || lastInLegacy == null) {
            cutting.cut(Side.TARGET, null, null, lastInTarget);
        } else if (!lastInTarget.equals(lastInLegacy)) {
            cutting.cut(Side.TARGET, lastInLegacy, cursor(Side.LEGACY, lastInLegacy), lastInTarget);
        }
        return cutting.ranges;
    }

    private final class Cutting {
        final String plan;
        final int rows;
        final boolean isAlike;
        final List<RowRange> ranges = new ArrayList<>();

        Cutting(String plan, int rows, boolean isAlike) {
            this.plan = plan;
            this.rows = rows;
            this.isAlike = isAlike;
        }

        /** {@code begin} is {@code before} as text. */
        void cut(Side side, @Nullable TableKey before, @Nullable Cursor begin, TableKey last) throws Exception {
            TableSide table = comparing.table(side);
            @Nullable TableKey after = before;
            @Nullable Cursor from = begin;
            while (!last.equals(after)) {
                TableKey upTo = table.boundary(new KeyRange(after, last), rows).orElse(last);
                Cursor end = cursor(side, upTo);
                ranges.add(new RowRange(plan, subject(), ranges.size() + 1, side, isAlike, from, end));
                after = upTo;
                from = end;
            }
        }
    }

    /** Refuses the plan of other records, and one of before the writes that nobody owed. */
    void requireOwn(RangePlan plan) {
        if (!plan.subject().equals(subject())) {
            throw new MigrationException("a plan given to report(..) must be of '" + subject() + "', but was " + plan
                    + "; give it to the reconciliation of the same migration and records");
        }
        if (plan.generation() != Cover.generation(comparing.migration)) {
            throw new MigrationException(
                    plan + " was made before the migration left LEGACY_ONLY the last time; what was"
                            + " written in legacy in between is not in it: make another plan");
        }
    }

    /** Compares a range into a pass. */
    void compare(RowRange range, FullPass pass, boolean signed) throws Exception {
        if (!range.subject().equals(subject())) {
            throw new MigrationException("a range given to compare(..) must be of '" + subject() + "', but was " + range
                    + "; give it to the reconciliation of the same migration and records");
        }
        if (range.isAlike() != comparing.target.ordersLike(comparing.legacy)) {
            throw new MigrationException(
                    range + " was planned where the two tables order their keys "
                            + (range.isAlike() ? "alike" : "otherwise")
                            + ", which they do not any more, or not as this node sees them; give every node the same tables, or plan again");
        }
        @Nullable TableKey after = range.after() == null ? null : key(range.after());
        if (range.side() == Side.LEGACY) {
            pass.ofLegacy(after, key(range.upTo()), range.isAlike(), signed);
        } else {
            pass.ofTarget(after, key(range.upTo()), range.isAlike());
        }
    }

    RangeResult result(RowRange range, FullPass pass) {
        List<Cursor> suspects = pass.found().stream()
                .map(suspect -> cursor(suspect.side(), suspect.key()))
                .toList();
        return new RangeResult(range, pass.compared(), pass.cleared(), suspects, pass.beyond());
    }

    /** Puts together what was seen. */
    void join(Collection<RangeResult> results, FullPass pass) {
        for (RangeResult result : results) {
            pass.join(
                    result.rowsCompared(),
                    result.clearedBySignature(),
                    result.suspects().stream()
                            .map(cursor -> new FullPass.Suspect(key(cursor), cursor.side()))
                            .toList(),
                    result.beyond());
        }
    }

    private Cursor cursor(Side side, TableKey key) {
        return new Cursor(side, comparing.table(side).formatCursor(key));
    }

    private TableKey key(Cursor cursor) {
        return comparing.table(cursor.side()).parseCursor(cursor.text());
    }
}
