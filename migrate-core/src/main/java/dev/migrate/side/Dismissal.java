package dev.migrate.side;

import dev.migrate.MigrationException;
import java.time.Instant;

/**
 * Somebody's decision that a key need not be copied any more, although it has not arrived.
 *
 * @param who 1 to 200 characters; not blank
 * @param why 1 to 2,000 characters; not blank; no value of a row, because it is kept and shown
 * @param at when
 */
public record Dismissal(String who, String why, Instant at) {
    private static final int LONGEST_WHO = 200;
    private static final int LONGEST_WHY = 2_000;

    /** Checks the lengths. */
    public Dismissal {
        check("who", who, LONGEST_WHO);
        check("why", why, LONGEST_WHY);
    }

    private static void check(String option, String text, int most) {
        if (text.isBlank()) {
            throw new MigrationException(
                    option + " of a dismissal must not be blank; whoever finds the key later needs it");
        }
        if (text.length() > most) {
            throw new MigrationException(option + " of a dismissal must have at most " + most + " characters, but had "
                    + text.length() + "; shorten it");
        }
    }
}
