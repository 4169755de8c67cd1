package dev.migrate.reconcile;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.side.RepairedRow;
import dev.migrate.side.Repairs;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Undoes the rows of one run, the last one first. */
final class RepairUndo {
    private static final Logger LOG = LoggerFactory.getLogger(RepairUndo.class);
    private static final int PAGE = 500;
    private final Comparing comparing;

    RepairUndo(Comparing comparing) {
        this.comparing = comparing;
    }

    private record Placed(Side side, RepairedRow row) {}

    RepairReport undo(String run, String why, Predicate<RepairedRow> which) throws Exception {
        RepairedRow.requireWhy(why);
        List<Placed> rows = rows(run, which);
        if (rows.isEmpty()) {
            throw new MigrationException("run '" + run + "' has repaired no such row of '" + comparing.target.name()
                    + "', or its rows were forgotten; name a run that a RepairReport has told");
        }
        RowUndo undo = new RowUndo(comparing, UUID.randomUUID().toString(), why);
        List<RepairReport.Line> lines = new ArrayList<>();
        for (Placed placed : rows) {
            lines.add(undo.undo(placed.side(), placed.row()));
        }
        RepairReport report = new RepairReport(undo.run(), lines);
        LOG.info("{} in migration '{}', because {}", report, comparing.migration.name(), why);
        return report;
    }

    /** What was written last is put back first: a row that refers to another was repaired after it. */
    private List<Placed> rows(String run, Predicate<RepairedRow> which) {
        List<Placed> found = new ArrayList<>();
        for (Side side : Side.values()) {
            Repairs repairs = comparing.books(side).repairs();
            List<RepairedRow> page = repairs.rows(run, 0, PAGE);
            while (!page.isEmpty()) {
                page.stream().filter(which).forEach(row -> found.add(new Placed(side, row)));
                page = repairs.rows(run, page.get(page.size() - 1).line(), PAGE);
            }
        }
        if (found.stream().anyMatch(placed -> placed.row().undoes() != null)) {
            throw new MigrationException(
                    "run '" + run
                            + "' has undone another run, and cannot be undone itself; run the reconciliation again and repair what it finds");
        }
        found.sort((one, other) -> Integer.compare(other.row().line(), one.row().line()));
        return found;
    }
}
