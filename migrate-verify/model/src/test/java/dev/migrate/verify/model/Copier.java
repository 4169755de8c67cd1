package dev.migrate.verify.model;

/** Somebody who copies a key to the shadow: a worker, or the attempt right after a commit. */
final class Copier extends State {
    /** How far it has come. */
    enum At {
        IDLE,
        TOOK_VERSION,
        TOOK_VALUE,
        TOOK_BOTH,
        WRITTEN,
        TO_SETTLE;

        static final At[] ALL = values();
    }

    At at = At.IDLE;
    int from;
    int version;
    int value;

    /** Whether its statement has seen a row on the shadow. */
    boolean sawRow;

    @Override
    void fields(Tape tape) {
        at = tape.one(at, At.ALL);
        from = tape.number(from);
        version = tape.number(version);
        value = tape.number(value);
        sawRow = tape.flag(sawRow);
    }

    void stop() {
        at = At.IDLE;
        from = 0;
        version = Versions.NONE;
        value = Values.ABSENT;
        sawRow = false;
    }
}
