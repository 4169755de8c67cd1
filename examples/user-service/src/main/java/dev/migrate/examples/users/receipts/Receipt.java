package dev.migrate.examples.users.receipts;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A line of the receipts.
 *
 * <p>Lines are numbered from 1 in the order in which things happened: an intent is written before the call, its
 * outcome after the call has returned.
 */
public sealed interface Receipt {

    long line();

    Instant at();

    /** A write that is about to be tried: the {@code version}-th of that user. */
    record Intent(long line, Instant at, long user, int version, Kind kind, Effects effects) implements Receipt {}

    /** The outcome of the write whose intent is on {@code intent}. */
    record Settled(long line, Instant at, long user, long intent, Outcome outcome) implements Receipt {}

    /** What a read that began after line {@code since} was answered. */
    record Seen(long line, Instant at, long user, long since, Effects effects) implements Receipt {}

    /** The application is dead: nothing that was still open can happen any more. */
    record Killed(long line, Instant at) implements Receipt {}

    /** The endpoint that writes. */
    enum Kind {
        CREATE,
        UPDATE,
        DELETE,
        PUT_PROFILE,
        VERIFY_EMAIL,
        LOGIN,
        LOGOUT
    }

    /** What became of a write. */
    enum Outcome {
        /** The caller was told that it is done: from now on it must not be lost. */
        ACKNOWLEDGED,
        /** The caller was told that nothing was changed. */
        REJECTED,
        /** The caller was told neither. */
        UNKNOWN
    }

    private static String fields(char type, Object... fields) {
        StringBuilder text = new StringBuilder().append(type);
        for (Object field : fields) {
            text.append('\t').append(field);
        }
        return text.append('\n').toString();
    }

    default String encode() {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, at());
        if (this instanceof Intent intent) {
            return fields(
                    'I', line(), micros, intent.user(), intent.version(), intent.kind(), intent.effects().encode());
        } else if (this instanceof Settled settled) {
            return fields('S', line(), micros, settled.user(), settled.intent(), settled.outcome());
        } else if (this instanceof Seen seen) {
            return fields('R', line(), micros, seen.user(), seen.since(), seen.effects().encode());
        }
        return fields('K', line(), micros);
    }

    static Receipt decode(String text) {
        String[] field = text.split("\t", -1);
        long line = Long.parseLong(field[1]);
        Instant at = Instant.EPOCH.plus(Long.parseLong(field[2]), ChronoUnit.MICROS);
        return switch (field[0]) {
            case "I" ->
                new Intent(
                        line,
                        at,
                        Long.parseLong(field[3]),
                        Integer.parseInt(field[4]),
                        Kind.valueOf(field[5]),
                        Effects.decode(field[6]));
            case "S" ->
                new Settled(
                        line, at, Long.parseLong(field[3]), Long.parseLong(field[4]), Outcome.valueOf(field[5]));
            case "R" ->
                new Seen(line, at, Long.parseLong(field[3]), Long.parseLong(field[4]), Effects.decode(field[5]));
            case "K" -> new Killed(line, at);
            default -> throw new IllegalArgumentException("no receipt begins with " + field[0]);
        };
    }
}
