package dev.migrate.verify.model;

/** A kind of step; each model has an enumeration of its own. */
interface Action {
    /** The constant's name. */
    String name();

    /** What happens, with a {@code %s} for each detail. */
    String text();

    /** The code that does this. */
    Code standsFor();

    /** Whether things are at rest although such a step leads on, because it may be taken again and again. */
    default boolean isIdle() {
        return false;
    }
}
