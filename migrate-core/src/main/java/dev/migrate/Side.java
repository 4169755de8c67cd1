package dev.migrate;

/** One of the two systems of a migration: an identity that never changes, whatever role the system plays at the moment. */
public enum Side {
    /** The system that is replaced. */
    LEGACY,
    /** The system that replaces it. */
    TARGET;

    /** The other system. */
    public Side other() {
        return this == LEGACY ? TARGET : LEGACY;
    }
}
