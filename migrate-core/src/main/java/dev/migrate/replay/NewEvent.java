package dev.migrate.replay;

import dev.migrate.MigrationException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event that is to be logged.
 *
 * @param type what kind of event it is, in the application's own words: 1 to 200 characters, not blank
 * @param payload what happened, in the application's own form; not to be changed afterwards
 * @param operationId names the event for ever: 1 to 200 characters, not blank; null where the library is to make one
 * @param occurredAt when it happened; null for now
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record NewEvent(String type, byte[] payload, @Nullable String operationId, @Nullable Instant occurredAt) {
    private static final int LONGEST = 200;

    /** Checks the lengths. */
    public NewEvent {
        check("type", type);
        if (operationId != null) {
            check("operationId", operationId);
        }
    }

    /** An event that happens now, under an operation id that is made for it. */
    public static NewEvent of(String type, byte[] payload) {
        return new NewEvent(type, payload, null, null);
    }

    /** The same event under an operation id of the application's, which no other event of the log has. */
    public NewEvent operationId(String id) {
        return new NewEvent(type, payload, id, occurredAt);
    }

    /** The same event at another moment. */
    public NewEvent occurredAt(Instant moment) {
        return new NewEvent(type, payload, operationId, moment);
    }

    private static void check(String option, String text) {
        if (text.isBlank() || text.length() > LONGEST) {
            throw new MigrationException(option + " of an event must have 1 to " + LONGEST
                    + " characters and not be blank, but had " + text.length());
        }
    }

    @Override
    public String toString() {
        return "NewEvent[" + type + ", " + payload.length + " bytes]";
    }
}
