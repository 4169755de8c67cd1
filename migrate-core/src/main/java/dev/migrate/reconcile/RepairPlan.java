package dev.migrate.reconcile;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.reconcile.RepairReport.Outcome;
import dev.migrate.side.RepairedRow;
import dev.migrate.table.TableKey;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a repair is going to do, row by row, to be read before it is applied. Immutable; it may be applied once or again, because a
 * row that is no longer as it was planned is left alone.
 */
public final class RepairPlan {
    private static final Logger LOG = LoggerFactory.getLogger(RepairPlan.class);

    /** What is done to a row. */
    public enum Action {
        /** A row is inserted. */
        INSERT,
        /** Fields of a row are overwritten. */
        UPDATE,
        /** A row is deleted. */
        DELETE
    }

    /** By what it was decided which side is right. */
    public enum Rule {
        /** By the policy of the plan. */
        POLICY,
        /** By {@link RepairRules#override}. */
        OVERRIDE,
        /** By a person, in the {@link ReviewQueue}. */
        REVIEW
    }

    /**
     * One row of the plan. Its text form leaves out the key.
     *
     * @param key the canonical key
     * @param writes the side that is written
     * @param action what is done to its row
     * @param fields the columns that differ; empty unless the action is {@link Action#UPDATE}
     * @param rule by what it was decided
     */
    public record Line(String key, Side writes, Action action, List<String> fields, Rule rule) {
        @Override
        public String toString() {
            return action + " on " + writes + (fields.isEmpty() ? "" : " of " + fields)
                    + (rule == Rule.POLICY ? "" : " by " + rule);
        }
    }

    /** @param reviewed the review that has decided of it; null where none has */
    record Item(
            TableKey key,
            RowPair seen,
            Side authoritative,
            Line line,
            @Nullable Review reviewed) {
        Side right() {
            return line.writes().other();
        }
    }

    private final Comparing comparing;
    private final @Nullable String pass;
    private final List<Item> items;
    private final List<SecondLook.Confirmed> toReview;
    private final int beyond;

    RepairPlan(
            Comparing comparing,
            @Nullable String pass,
            List<Item> items,
            List<SecondLook.Confirmed> toReview,
            int beyond) {
        this.comparing = comparing;
        this.pass = pass;
        this.items = List.copyOf(items);
        this.toReview = List.copyOf(toReview);
        this.beyond = beyond;
    }

    /** The rows that are going to be written, in the order in which they are. */
    public List<Line> lines() {
        return items.stream().map(Item::line).toList();
    }

    /** The differences that are going into the {@link ReviewQueue}, because no rule says which side is right. */
    public List<Difference> reviews() {
        return toReview.stream().map(SecondLook.Confirmed::difference).toList();
    }

    /** How many rows the rules would have written beyond {@link RepairRules#atMost}; nothing is done to them. */
    public int beyondCap() {
        return beyond;
    }

    /** How many rows are going to be written on a side by an action. */
    public long count(Side writes, Action action) {
        return lines().stream()
                .filter(line -> line.writes() == writes && line.action() == action)
                .count();
    }

    /**
     * Does what the plan says, to each row that is still as it was seen. Each row that is written is kept as it was, in the same transaction, for
     * {@link Reconciliation#undo}.
     *
     * @param why a reason: 1 to 2,000 characters, without values of rows, because it is kept and logged
     * @throws MigrationException where the reason is blank or too long
     * @throws Exception where a side cannot be reached; rows that were repaired stay so
     */
    public RepairReport apply(String why) throws Exception {
        RepairedRow.requireWhy(why);
        if (!toReview.isEmpty()) {
            ReviewQueue queue = comparing.reviews();
            for (SecondLook.Confirmed found : toReview) {
                queue.add(
                        new Review.Found(found.difference(), comparing.legacy.formatCursor(found.key())),
                        comparing.migration.operator());
            }
        }
        String run = UUID.randomUUID().toString();
        RowRepair repair = new RowRepair(comparing, run, why);
        List<RepairReport.Line> done = new ArrayList<>();
        try {
            for (Item item : items) {
                RepairReport.Line line = repair.apply(item);
                done.add(line);
                close(item, line, run);
            }
        } finally {
            countRepaired(new RepairReport(run, done));
        }
        RepairReport report = new RepairReport(run, done);
        LOG.info("{} in migration '{}', because {}", report, comparing.migration.name(), why);
        return report;
    }

    private void close(Item item, RepairReport.Line line, String run) {
        Review reviewed = item.reviewed();
        if (reviewed != null && line.outcome() == Outcome.REPAIRED) {
            comparing
                    .reviews()
                    .close(
                            reviewed.key(),
                            reviewed.version(),
                            comparing.migration.operator(),
                            "carried out by run " + run);
        }
    }

    private void countRepaired(RepairReport report) {
        long repaired = report.count(Outcome.REPAIRED);
        if (pass != null && repaired > 0) {
            comparing.passes().repaired(pass, repaired);
        }
    }

    @Override
    public String toString() {
        return "RepairPlan[" + items.size() + " rows, " + toReview.size() + " to review, " + beyond
                + " beyond the cap]";
    }
}
