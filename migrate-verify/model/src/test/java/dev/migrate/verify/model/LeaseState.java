package dev.migrate.verify.model;

/** Three nodes with leases, and a store that turns reads to the target once. Time goes by in ticks. */
final class LeaseState extends State {
    /** How many ticks a lease lasts. */
    static final int LENGTH = 2;

    static final int NODES = 3;

    /** The phases of the step. */
    enum Phase {
        READS_LEGACY,
        READS_TARGET,
        OPENED;

        static final Phase[] ALL = values();
    }

    Phase phase = Phase.READS_LEGACY;
    final Leased[] nodes = {new Leased(), new Leased(), new Leased()};

    @Override
    void fields(Tape tape) {
        phase = tape.one(phase, Phase.ALL);
        tape.alike(nodes);
    }

    /** A node, what it believes of its lease, and what the store believes of it. */
    static final class Leased extends State {
        /** How far a renewal has come. */
        enum Renewal {
            NONE,
            ASKED,
            GRANTED,
            TO_LEARN;

            static final Renewal[] ALL = values();
        }

        /** Whether the node still reads legacy. */
        boolean readsLegacy = true;

        /** The ticks after which the store gives the node up. */
        int storeLeft = LENGTH;

        /** The ticks that the node has counted in this lease. */
        int counted;

        Renewal renewal = Renewal.NONE;

        /** The ticks that the node has counted since it asked. */
        int sinceAsked;

        /** Whether the answer says that reads are on legacy. */
        boolean answerIsLegacy;

        @Override
        void fields(Tape tape) {
            readsLegacy = tape.flag(readsLegacy);
            storeLeft = tape.number(storeLeft);
            counted = tape.number(counted);
            renewal = tape.one(renewal, Renewal.ALL);
            sinceAsked = tape.number(sinceAsked);
            answerIsLegacy = tape.flag(answerIsLegacy);
        }

        boolean believesInLease() {
            return counted < LENGTH;
        }

        void endRenewal() {
            renewal = Renewal.NONE;
            sinceAsked = 0;
            answerIsLegacy = false;
        }
    }
}
