package dev.migrate.side;

/** What a side is for a segment of the keys, as the side itself knows it. */
public enum Role {
    /** Reads and writes. */
    AUTHORITY,
    /** Reads only, for the moment of a handover. */
    FENCED,
    /** Conditional copies only. */
    SHADOW
}
