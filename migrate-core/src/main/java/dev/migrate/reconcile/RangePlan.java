package dev.migrate.reconcile;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.reconcile.RowRange.Cursor;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A reconciliation cut into ranges of keys that are compared apart, by any number of threads, nodes or machines; see {@link
 * RangedReconciliation#plan}.
 *
 * <p>The ranges leave no key out, from the first to the last that either table had when the plan was made; what has come later came through the
 * routers. A plan also holds what had to be seen before the first row was compared, for a clean report to prove the two sides equal.
 *
 * <p>Immutable, thread-safe and serialisable. Its text form shows no key.
 */
public final class RangePlan implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String id;
    private final String subject;
    private final Instant began;
    private final long generation;
    private final boolean proves;
    private final long expectedRows;
    private final ArrayList<RowRange> ranges;

    /**
     * A plan.
     *
     * @param generation that of the journal's cover
     * @param proves whether a clean report proves the two sides equal in this generation
     */
    RangePlan(
            String id,
            String subject,
            Instant began,
            long generation,
            boolean proves,
            long expectedRows,
            List<RowRange> ranges) {
        this.id = id;
        this.subject = subject;
        this.began = began;
        this.generation = generation;
        this.proves = proves;
        this.expectedRows = expectedRows;
        this.ranges = new ArrayList<>(ranges);
        requireWhole();
    }

    /** Each range begins where the one before it ends; the target's own begin anew where keys do not order alike. */
    private void requireWhole() {
        @Nullable Cursor end = null;
        Side side = Side.LEGACY;
        for (int at = 0; at < ranges.size(); at++) {
            RowRange range = ranges.get(at);
            if (range.side() != side && range.side() == Side.TARGET) {
                side = Side.TARGET;
                end = range.isAlike() ? end : null;
            }
            if (range.number() != at + 1 || range.side() != side || !Objects.equals(range.after(), end)) {
                throw new MigrationException("ranges of " + this + " must follow one another, but range " + (at + 1)
                        + " does not begin where the one before it ends; make another plan");
            }
            end = range.upTo();
        }
    }

    /** The ranges, in the order of keys; none where both tables were empty. */
    public List<RowRange> ranges() {
        return List.copyOf(ranges);
    }

    /** How many rows legacy had when the plan was made. */
    public long expectedRows() {
        return expectedRows;
    }

    /** When the plan was made; in microseconds. */
    public Instant began() {
        return began;
    }

    String subject() {
        return subject;
    }

    long generation() {
        return generation;
    }

    boolean proves() {
        return proves;
    }

    /** Refuses results that are not those of all ranges, each answered once: a part that nobody has compared must not count as clean. */
    void requireAnswered(Collection<RangeResult> results) {
        boolean[] answered = new boolean[ranges.size()];
        for (RangeResult result : results) {
            RowRange range = result.range();
            boolean isOurs = range.number() >= 1
                    && range.number() <= ranges.size()
                    && ranges.get(range.number() - 1).equals(range);
            if (!isOurs) {
                throw refused(
                        "a result of " + range + " is of another plan; give the results of this plan's ranges alone");
            }
            if (answered[range.number() - 1]) {
                throw refused(
                        "range " + range.number()
                                + " is answered more than once; give one result of each range, whichever of those that were compared again");
            }
            answered[range.number() - 1] = true;
        }
        int missing = 0;
        int first = 0;
        for (int at = answered.length; at > 0; at--) {
            if (!answered[at - 1]) {
                missing++;
                first = at;
            }
        }
        if (missing > 0) {
            throw refused(missing + " of " + ranges.size() + " ranges are not answered, the first of them number "
                    + first + "; compare(..) them and give all results at once");
        }
    }

    private MigrationException refused(String why) {
        return new MigrationException("the results given for " + this + " make no report: " + why);
    }

    @Override
    public String toString() {
        return "RangePlan[" + subject + ": " + ranges.size() + " ranges, " + expectedRows + " rows, plan " + id + "]";
    }
}
