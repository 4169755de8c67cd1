package dev.migrate.verify.model;

/** What must hold in every state, or in every state from which no step leads on. */
enum Promise {
    /** A read never returns an older value than one already acknowledged. */
    NO_STALE_READ,
    /** What differs between the sides is owed, where a step to the next stage can see it. */
    NO_HIDDEN_DEBT,
    /** Once everything is at rest, the shadow holds what the authoritative side holds, and nothing is owed. */
    CONVERGENCE,
    /** At no moment do two sides take writes. */
    ONE_AUTHORITY,
    /** Once a step has ended, the sides' roles are those of the position, and stay so. */
    ROLES_FIT_POSITION,
    /** Whatever is begun comes to an end. */
    NOTHING_IS_STUCK
}
