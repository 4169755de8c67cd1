package dev.migrate.dualwrite;

/** What a router can promise, by what its sides are. The weaker of its two sides decides. */
public enum Guarantee {
    /**
     * Records, journal, ledger and role check commit together on both sides: no acknowledged write is lost, no older value
     * replaces a later one, and no two nodes write the same key on different sides.
     */
    EXACT("records, journal and ledger commit together on both sides"),
    /**
     * Writes are announced in a database, and carry a version that the side compares: while both sides are written no acknowledged write is
     * lost and no older value replaces a later one, however long a node pauses. A write that takes longer than it may ends with an
     * {@link dev.migrate.UnknownOutcomeException} instead of being acknowledged.
     */
    VERSIONED("writes are announced in a database and carry a version that the side compares"),
    /**
     * Writes are announced, and owed keys kept, in a database, and copied again until nothing overtook them; nothing acknowledged is lost. But
     * nothing compares versions: a call, or a copy, that arrives later than such calls may can replace what was written since.
     */
    DURABLE("writes are announced and owed in a database, but not in one transaction with the records"),
    /** Owed keys are kept in memory: what is owed when the process ends is left to reconciliation. */
    UNTIL_RESTART("owed keys are kept in memory and forgotten when the process ends");

    private final String description;

    Guarantee(String description) {
        this.description = description;
    }

    /** The guarantee in words, for a log. */
    public String description() {
        return description;
    }
}
