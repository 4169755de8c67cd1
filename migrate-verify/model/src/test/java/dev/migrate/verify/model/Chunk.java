package dev.migrate.verify.model;

import java.util.stream.Stream;

/** The chunk of a backfill that the key is in, and the workers that copy it. */
final class Chunk extends State {
    /** What the target's books say of it. */
    enum Stands {
        OPEN,
        COPIED,
        DONE;

        static final Stands[] ALL = values();
    }

    Stands stands = Stands.OPEN;
    final Worker[] workers;

    /** How many more times it may be claimed. */
    int claims;

    /**
     * An open chunk.
     *
     * @param workers how many workers there are
     * @param claims how many times it may be claimed; with more than one, a worker may die, or be taken for dead
     */
    Chunk(int workers, int claims) {
        this.workers = Stream.generate(Worker::new).limit(workers).toArray(Worker[]::new);
        this.claims = claims;
    }

    /** A chunk that was copied before the model begins. */
    static Chunk done() {
        Chunk chunk = new Chunk(0, 0);
        chunk.stands = Stands.DONE;
        return chunk;
    }

    @Override
    void fields(Tape tape) {
        stands = tape.one(stands, Stands.ALL);
        claims = tape.number(claims);
        if (workers.length > 0) {
            tape.alike(workers);
        }
    }

    boolean isDone() {
        return stands == Stands.DONE;
    }

    boolean isWorkedOn() {
        for (Worker worker : workers) {
            if (worker.at != Worker.At.IDLE) {
                return true;
            }
        }
        return false;
    }

    /** A worker of a backfill. */
    static final class Worker extends State {
        /** How far it has come. */
        enum At {
            IDLE,
            CLAIMED_OPEN,
            READ,
            WRITTEN,
            TO_NOTE,
            CLAIMED_COPIED,
            TO_LOOK,
            HALF_LOOKED,
            TO_OWE,
            TO_FINISH;

            static final At[] ALL = values();
        }

        At at = At.IDLE;

        /** Whether nobody has claimed the chunk since. */
        boolean holdsToken;

        /** The value that was read from legacy. */
        int value;

        /** Legacy's sequence when it was read. */
        int watermark;

        /** Whether it inserts the row, or may have inserted it. */
        boolean inserts;

        /** Whether the key was found in the first of the two books. */
        boolean isTouched;

        @Override
        void fields(Tape tape) {
            at = tape.one(at, At.ALL);
            holdsToken = tape.flag(holdsToken);
            value = tape.number(value);
            watermark = tape.number(watermark);
            inserts = tape.flag(inserts);
            isTouched = tape.flag(isTouched);
        }

        void stop() {
            at = At.IDLE;
            holdsToken = false;
            value = Values.ABSENT;
            watermark = 0;
            inserts = false;
            isTouched = false;
        }
    }
}
