package dev.migrate.verify.cluster;

import java.util.List;

/**
 * What a client of {@link RoomWork} has tried in one call or transaction, as its history tells.
 *
 * @param keys the tickets that it concerns; of other tables none are noted
 * @param done what it has done; nothing where it has not come to an end
 */
record Deed(Kind kind, List<Long> keys, Outcome outcome, Done done) {
    /** What is tried. */
    enum Kind {
        /** A room, seats that it lacks, and a badge, through the routers, in one transaction. */
        FURNISH,
        /** Two seats exchange their labels in one transaction, by statements of the application's own, which it tells. */
        SWAP,
        /** Three seats do so in a circle, through the router, in one transaction. */
        CIRCLE,
        /** Two seats do so in three successive writes. */
        SWAP_IN_STEPS,
        /** A room is deleted through the router, and its seats and badges with it by cascades. */
        DROP,
        /** Rooms are deleted past the router by one statement, and their seats and badges with them. */
        DROP_MANY,
        /** Seats of a room are deleted past the router by one statement. */
        CLEAR,
        /** Seats of a room are changed past the router by one statement. */
        PAINT,
        /** A ticket is made, whose number the database makes, and told. */
        BOOK,
        /** Tickets are changed past the router by one statement, and told. */
        STAMP
    }

    /** What became of it. */
    enum Outcome {
        /** It has committed. */
        DONE,
        /** There was nothing to be done. */
        IDLE,
        /** Refused, because authority had moved or was moving; nothing was written. */
        REFUSED,
        /** Another transaction or row was in its way; nothing was written by what failed. */
        IN_THE_WAY,
        /** Nobody knows. */
        UNKNOWN
    }

    /**
     * What was done.
     *
     * @param rows rows that its statement has changed
     * @param cascaded rows that went with them
     * @param refusals how often it was refused and begun again
     */
    record Done(int rows, int cascaded, int refusals) {
        static final Done NOTHING = new Done(0, 0, 0);
    }
}
