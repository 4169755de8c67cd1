package dev.migrate.replay;

/** Which events are delivered again, of those that occurred since a moment. */
public enum Again {
    /** All of them: the receiver tells by the operation id what it has done before. */
    EVERY_EVENT,
    /**
     * Those that the receiving side's own ledger does not have: for a receiver that writes to the database in which that ledger is, once both were
     * restored together.
     */
    WHAT_THE_LEDGER_LACKS
}
