package dev.migrate.verify.cluster;

import dev.migrate.test.history.KeyOperation;
import java.util.Optional;

/**
 * One call of a client, as its history tells.
 *
 * @param segment 0 to 999, the segment of the key
 * @param value what was written or read; {@link HistoryFile#NOTHING} for nothing
 * @param calledAt monotonic nanoseconds of the machine
 * @param answeredAt {@link KeyOperation#NEVER} where the process died before
 */
record Call(Kind kind, int segment, long key, String value, long calledAt, long answeredAt, Outcome outcome) {
    /** What is called. */
    enum Kind {
        READ,
        WRITE,
        DELETE
    }

    /** What became of it. */
    enum Outcome {
        /** The caller has its answer. */
        ACKNOWLEDGED,
        /** The library says that nothing was written. */
        REFUSED,
        /** Nobody knows. */
        UNKNOWN
    }

    boolean isWrite() {
        return kind != Kind.READ;
    }

    boolean isAcknowledged() {
        return outcome == Outcome.ACKNOWLEDGED;
    }

    /** Empty where it says nothing: a read without an answer, a write that was not made. */
    Optional<KeyOperation<Long, String>> asOperation() {
        Optional<String> content = value.equals(HistoryFile.NOTHING) ? Optional.empty() : Optional.of(value);
        if (outcome == Outcome.REFUSED || (kind == Kind.READ && !isAcknowledged())) {
            return Optional.empty();
        }
        if (kind == Kind.READ) {
            return Optional.of(KeyOperation.read(key, content, calledAt, answeredAt));
        }
        return Optional.of(
                isAcknowledged()
                        ? KeyOperation.write(key, content, calledAt, answeredAt)
                        : KeyOperation.unknown(key, content, calledAt));
    }

    long nanos() {
        return answeredAt - calledAt;
    }
}
