package dev.migrate;

/**
 * A named, versioned value in a {@link MigrationStore}.
 *
 * @param kind what it is
 * @param name its name within the kind: the name of a migration, a flag, a rollout
 * @param version 1 for the first value, raised by one with every change; for a position this is the epoch
 * @param value the value in its text form
 */
public record Setting(Kind kind, String name, long version, String value) {
    /** What a setting holds. */
    public enum Kind {
        /** The position of a migration; its version is the migration's epoch. */
        POSITION,
        /** The generation in which the two sides of a kind of records were last proved equal. */
        COVER,
        /** Whether a handover of a migration needs a participant, named by the migration's name, a slash and the participant's. */
        PART,
        /** Whether a backfill may go on, is paused or cancelled; named by the migration's name, a slash and that of the records. */
        BACKFILL,
        /** How far a backfill of items has come, named by the migration's name, a slash and the records'. */
        ITEMS,
        /** The rules of a flag. */
        FLAG,
        /** The progress of a rollout. */
        ROLLOUT,
        /** What the database counted of legacy's tables when a watch over them began, named by the migration. */
        DECOMMISSION,
        /** What a node itself has done to legacy's tables, named by the migration's name, a slash and the node's. */
        OWN_ACCESS,
        /** What legacy's rows came to at a moment, named by the migration's name, the records' and the point's, with slashes between. */
        ROLLBACK_POINT,
        /** Which node makes a pass of a schedule, and when it was last begun, named by the migration's name, a slash and the pass's. */
        SCHEDULE,
        /**
         * Up to where passes over what has changed have come, named by the migration's name, the records' and what tells of a change, with
         * slashes between.
         */
        CHANGED
    }
}
