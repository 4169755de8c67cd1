package dev.migrate.verify.cluster;

/** What a broken variant goes without, to show that the check finds what it is there to prevent. */
enum Lacking {
    /** Nothing: the library as it is to be used. */
    NOTHING,

    /** The journal: see {@link ForgetfulJournal}; of the items alone. */
    JOURNAL,

    /** The owing triggers: cascades and bulk statements past the router are seen by nobody; of the constraints alone, and without a ladder. */
    TRIGGER,

    /** The router's {@code makeWay(..)}: what is exchanged in a circle is parked; of the constraints alone, and without a ladder. */
    MAKE_WAY,

    /** The regard of the shadow's own triggers for copies: they make their values anew; of the constraints alone. */
    COPY_MARK;

    static Lacking of(String name) {
        return Workload.named("--without", name, values());
    }

    /** Whether the ladder can be walked: what is never copied, or parked, bars every handover. */
    boolean isWalked() {
        return this != TRIGGER && this != MAKE_WAY;
    }

    void requireIn(Workload workload) {
        boolean isOfItems = this == JOURNAL;
        if (this != NOTHING && isOfItems != (workload == Workload.ITEMS)) {
            throw new IllegalArgumentException("--without " + Workload.inWords(this) + " is no variant of --workload "
                    + Workload.inWords(workload));
        }
    }
}
