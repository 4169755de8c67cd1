package dev.migrate.verify.model;

/** A node that writes the key on legacy, one transaction after another. */
final class Writer extends State {
    /** How far its transaction has come. */
    enum At {
        IDLE,
        DREW,
        LOCKED;

        static final At[] ALL = values();
    }

    At at = At.IDLE;
    int value;
    int version;

    @Override
    void fields(Tape tape) {
        at = tape.one(at, At.ALL);
        value = tape.number(value);
        version = tape.number(version);
    }

    void stop() {
        at = At.IDLE;
        value = Values.ABSENT;
        version = Versions.NONE;
    }
}
