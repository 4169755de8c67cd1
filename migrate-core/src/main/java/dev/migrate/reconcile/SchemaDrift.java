package dev.migrate.reconcile;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.table.BoundMapping;
import dev.migrate.table.Column;
import dev.migrate.table.Mapping;
import dev.migrate.table.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Whether the two tables are still what a mapping was bound to. A column that the mapping makes nothing of may come and go: what counts is which columns
 * are copied and compared, and of which type.
 */
final class SchemaDrift {
    private final Comparing comparing;
    private final Mapping mapping;

    SchemaDrift(Comparing comparing, Mapping mapping) {
        this.comparing = comparing;
        this.mapping = mapping;
    }

    /** @throws SchemaDriftException where they are not */
    void requireNone() throws Exception {
        Shape legacy = comparing.legacy.currentShape();
        Shape target = comparing.target.currentShape();
        BoundMapping now;
        try {
            now = mapping.bind(legacy, target);
        } catch (MigrationException unbound) {
            throw new SchemaDriftException(drifted("the mapping does not suit them any more"), unbound);
        }
        List<String> changes = new ArrayList<>();
        changes(Side.LEGACY, comparing.legacy.shape(), legacy, now, changes);
        changes(Side.TARGET, comparing.target.shape(), target, now, changes);
        if (!changes.isEmpty()) {
            throw new SchemaDriftException(drifted(String.join(", ", changes)));
        }
    }

    /** A part of a pass. */
    @FunctionalInterface
    interface Part {
        void run() throws Exception;
    }

    /** Runs a part of a pass; where it fails and the tables have changed, that is what it is said to have failed by. */
    void explaining(Part part) throws Exception {
        try {
            part.run();
        } catch (InterruptedException interrupted) {
            throw interrupted;
        } catch (Exception failure) {
            throw explained(failure);
        }
    }

    private Exception explained(Exception failure) {
        try {
            requireNone();
            return failure;
        } catch (SchemaDriftException drift) {
            return new SchemaDriftException(Objects.requireNonNull(drift.getMessage()), failure);
        } catch (Exception unknown) {
            failure.addSuppressed(unknown);
            return failure;
        }
    }

    private String drifted(String what) {
        return "tables '" + comparing.legacy.name() + "' of legacy and '" + comparing.target.name()
                + "' of the target are not what they were when this process has read their columns: " + what
                + "; nothing is said of their rows. Make the tables, the routers and the reconciliation anew, as by a restart, and run it again";
    }

    private void changes(Side side, Shape before, Shape after, BoundMapping now, List<String> changes) {
        String of = " of table '" + after.table() + "' (" + side + ")";
        for (Column column : comparing.mapping.columns(side)) {
            Column same = after.find(column.name()).orElse(null);
            if (same == null) {
                changes.add("column '" + column.name() + "'" + of + " has vanished");
            } else if (!same.type().equals(column.type()) || same.scale() != column.scale()) {
                changes.add("column '" + column.name() + "'" + of + " was " + column.type() + " of scale "
                        + column.scale() + " and is " + same.type() + " of scale " + same.scale());
            }
        }
        for (Column column : now.columns(side)) {
            if (before.find(column.name()).isEmpty()) {
                changes.add("column '" + column.name() + "'" + of + " has appeared");
            }
        }
    }
}
