package dev.migrate.jdbc.decommission;

/**
 * How often a table was read and written, in the unit of its database: scans and rows in PostgreSQL, rows in MariaDB.
 *
 * @param reads 0 or more
 * @param writes 0 or more
 */
public record Touches(long reads, long writes) {
    static final Touches NONE = new Touches(0, 0);

    /** Whether there was none. */
    public boolean isNone() {
        return reads == 0 && writes == 0;
    }

    boolean isNegative() {
        return reads < 0 || writes < 0;
    }

    Touches plus(Touches other) {
        return new Touches(reads + other.reads, writes + other.writes);
    }

    Touches minus(Touches other) {
        return new Touches(reads - other.reads, writes - other.writes);
    }

    /** As few of each as either has, and none where that is negative. */
    Touches positive() {
        return new Touches(Math.max(0, reads), Math.max(0, writes));
    }
}
