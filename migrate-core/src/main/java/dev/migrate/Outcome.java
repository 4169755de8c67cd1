package dev.migrate;

/** What a failed call says about what the called side has done. */
public enum Outcome {
    /** The call never left: nothing was done. */
    NOT_SENT,
    /** The side answered that it did nothing. */
    REJECTED,
    /** An answer of the domain, such as a declined card: the side works, and this is the caller's. */
    BUSINESS,
    /** A time-out, a reset, an {@code Error} half-way, anything not declared: it may have been done, or not. */
    UNKNOWN
}
