package dev.migrate.reconcile;

import java.util.List;

/**
 * What a repair did, or the undoing of one.
 *
 * @param run names what was done, for {@link Reconciliation#undo}
 * @param lines one for each line of the plan, in its order
 */
public record RepairReport(String run, List<Line> lines) {
    /** Copies the list. */
    public RepairReport {
        lines = List.copyOf(lines);
    }

    /**
     * What became of a row. Its text form leaves out the key.
     *
     * @param key the canonical key
     * @param outcome what became of it
     * @param note why, where it was not repaired; empty where it was
     */
    public record Line(String key, Outcome outcome, String note) {
        @Override
        public String toString() {
            return outcome + (note.isEmpty() ? "" : ": " + note);
        }
    }

    /** What became of a row. */
    public enum Outcome {
        /** Written as planned, read again, and found to be right. */
        REPAIRED,
        /** Put back as it was before the repair. */
        UNDONE,
        /** Left alone: it is no longer as it was planned, or a copy of it is on its way. */
        CHANGED,
        /** The side refused it. */
        FAILED
    }

    /** How many rows had an outcome. */
    public long count(Outcome outcome) {
        return lines.stream().filter(line -> line.outcome() == outcome).count();
    }

    @Override
    public String toString() {
        return "RepairReport[run " + run + ": " + count(Outcome.REPAIRED) + " repaired, " + count(Outcome.UNDONE)
                + " undone, " + count(Outcome.CHANGED)
                + " changed meanwhile, " + count(Outcome.FAILED) + " failed]";
    }
}
