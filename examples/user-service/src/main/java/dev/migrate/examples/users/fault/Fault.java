package dev.migrate.examples.users.fault;

/** How the target fails. */
public enum Fault {
    /** Not at all. */
    NONE,
    /** Every second connection is refused, or breaks at one of its statements. */
    ERRORS,
    /** Every connection takes long to get. */
    LATENCY,
    /** No connection is got until the caller's patience ends. */
    HANG,
    /** The application's process is killed; the target itself stays well. */
    CRASH
}
