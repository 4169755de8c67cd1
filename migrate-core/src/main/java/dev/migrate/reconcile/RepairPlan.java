package dev.migrate.reconcile;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.table.TableKey;
import java.util.ArrayList;
import java.util.List;
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

    /**
     * One row of the plan. Its text form leaves out the key.
     *
     * @param key the canonical key
     * @param writes the side that is written
     * @param action what is done to its row
     * @param fields the columns that differ; empty unless the action is {@link Action#UPDATE}
     */
    public record Line(String key, Side writes, Action action, List<String> fields) {
        @Override
        public String toString() {
            return action + " on " + writes + (fields.isEmpty() ? "" : " of " + fields);
        }
    }

    record Item(TableKey key, RowPair seen, Side authoritative, Line line) {
        Side right() {
            return line.writes().other();
        }
    }

    private final Comparing comparing;
    private final List<Item> items;

    private RepairPlan(Comparing comparing, List<Item> items) {
        this.comparing = comparing;
        this.items = List.copyOf(items);
    }

    static RepairPlan of(Comparing comparing, List<SecondLook.Confirmed> differences, RepairPolicy policy) {
        List<Item> items = new ArrayList<>();
        for (SecondLook.Confirmed found : differences) {
            Side authoritative = found.difference().authoritative();
            Side right = switch (policy) {
                case AUTHORITATIVE_WINS -> authoritative;
                case LEGACY_WINS -> Side.LEGACY;
                case TARGET_WINS -> Side.TARGET;
            };
            Side writes = right.other();
            Action action = found.rows().on(right) == null
                    ? Action.DELETE
                    : found.rows().on(writes) == null ? Action.INSERT : Action.UPDATE;
            Line line = new Line(
                    found.key().canonical(), writes, action, found.difference().fields());
            items.add(new Item(found.key(), found.rows(), authoritative, line));
        }
        return new RepairPlan(comparing, items);
    }

    /** The rows that are going to be written, in the order in which they are. */
    public List<Line> lines() {
        return items.stream().map(Item::line).toList();
    }

    /**
     * Does what the plan says, to each row that is still as it was seen.
     *
     * @param why a reason, for the log; not blank
     * @throws Exception where a side cannot be reached; rows that were repaired stay so
     */
    public RepairReport apply(String why) throws Exception {
        if (why.isBlank()) {
            throw new MigrationException("why must say for what reason " + items.size()
                    + " rows are changed, but was blank; name the incident");
        }
        RowRepair repair = new RowRepair(comparing);
        List<RepairReport.Line> done = new ArrayList<>();
        for (Item item : items) {
            done.add(repair.apply(item));
        }
        RepairReport report = new RepairReport(done);
        LOG.info("{} in migration '{}', because {}", report, comparing.migration.name(), why);
        return report;
    }

    @Override
    public String toString() {
        return "RepairPlan[" + items.size() + " rows]";
    }
}
