package dev.migrate.verify.model;

/** What a node knows of the position, while authority over the key moves. */
final class Node extends State {
    /** The position that the node's reads and writes go by. */
    enum Knows {
        /** The present one. */
        PRESENT(true, true, false),
        /** The one before the last change. */
        EARLIER(false, false, true),
        /** The present one, but a unit of work that is pinned to the earlier one still runs; its reads are refused. */
        PRESENT_BUT_PINNED(true, true, false),
        /** The present one, and its lease has run out. */
        LAPSED(true, false, false),
        /** An earlier one, and its lease has run out. */
        LAPSED_EARLIER(true, false, false);

        static final Knows[] ALL = values();

        /** Whether a step may go on: the node knows the present position, or may not read any more. */
        final boolean isAcknowledged;

        final boolean readsByPresent;
        final boolean readsByEarlier;

        Knows(boolean isAcknowledged, boolean readsByPresent, boolean readsByEarlier) {
            this.isAcknowledged = isAcknowledged;
            this.readsByPresent = readsByPresent;
            this.readsByEarlier = readsByEarlier;
        }

        boolean writesByPresent() {
            return this == PRESENT || this == PRESENT_BUT_PINNED || this == LAPSED;
        }

        boolean writesByEarlier() {
            return this == EARLIER || this == PRESENT_BUT_PINNED || this == LAPSED_EARLIER;
        }
    }

    Knows knows = Knows.PRESENT;

    @Override
    void fields(Tape tape) {
        knows = tape.one(knows, Knows.ALL);
    }

    /** The position has changed; a node hears of it later. */
    void fallBehind() {
        knows = knows == Knows.LAPSED || knows == Knows.LAPSED_EARLIER ? Knows.LAPSED_EARLIER : Knows.EARLIER;
    }
}
