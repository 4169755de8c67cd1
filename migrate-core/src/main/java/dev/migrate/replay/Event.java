package dev.migrate.replay;

import dev.migrate.MigrationException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * An event that is to be logged.
 *
 * @param type what kind of event it is, in the application's own words: 1 to 200 characters, not blank
 * @param payload what happened, in the application's own form; not to be changed afterwards
 * @param operationId names the event for ever: 1 to 200 characters, not blank; null where the library is to make one
 * @param occurredAt when it happened, in a year from 1000 to 9999, cut to microseconds; null for now
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Event(
        String type,
        byte[] payload,
        @Nullable String operationId,
        @Nullable Instant occurredAt) {
    private static final int LONGEST = 200;
    private static final Instant EARLIEST = Instant.parse("1000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("+10000-01-01T00:00:00Z");

    /** Checks the lengths. */
    public Event {
        check("type", type);
        if (operationId != null) {
            check("operationId", operationId);
        }
        if (occurredAt != null) {
            occurredAt = keepable("occurredAt", occurredAt);
        }
    }

    /** A moment as logs keep it: in microseconds, of a year that every database knows. */
    static Instant keepable(String option, Instant moment) {
        if (moment.isBefore(EARLIEST) || !moment.isBefore(LATEST)) {
            throw new MigrationException(
                    option + " must be from the year 1000 to 9999, which databases can keep, but was " + moment);
        }
        return moment.truncatedTo(ChronoUnit.MICROS);
    }

    /** An event that happens now, under an operation id that is made for it. */
    public static Event of(String type, byte[] payload) {
        return new Event(type, payload, null, null);
    }

    /** The same event under an operation id of the application's, which no other event of the log has. */
    public Event operationId(String id) {
        return new Event(type, payload, id, occurredAt);
    }

    /** The same event at another moment. */
    public Event occurredAt(Instant moment) {
        return new Event(type, payload, operationId, moment);
    }

    private static void check(String option, String text) {
        if (text.isBlank() || text.length() > LONGEST) {
            throw new MigrationException(option + " of an event must have 1 to " + LONGEST
                    + " characters and not be blank, but had " + text.length());
        }
    }

    @Override
    public String toString() {
        return "Event[" + type + ", " + payload.length + " bytes]";
    }
}
