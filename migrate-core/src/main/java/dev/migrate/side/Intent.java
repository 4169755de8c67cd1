package dev.migrate.side;

import dev.migrate.MigrationException;
import dev.migrate.Version;
import java.time.Instant;

/**
 * A write that was announced before it was made, because it cannot share a transaction with the books.
 *
 * @param key the canonical key
 * @param segment its segment
 * @param version the version under which the write is made; later than that of every intent of the key that had begun before
 * @param deadline the moment by which the write has surely taken effect, or never will
 * @param owner who makes it, for people
 */
public record Intent(String key, int segment, Version version, Instant deadline, String owner) {
    private static final int LONGEST_OWNER = 200;

    /** Checks the owner. */
    public Intent {
        checkedOwner(owner);
    }

    /** The owner itself, for those who keep intents and must not begin one that they cannot keep. */
    public static String checkedOwner(String owner) {
        if (owner.isEmpty() || owner.length() > LONGEST_OWNER) {
            throw new MigrationException("the owner of an intent must have 1 to " + LONGEST_OWNER
                    + " characters, but had " + owner.length() + "; give it the name of the node");
        }
        return owner;
    }

    /** Everything but the key. */
    @Override
    public String toString() {
        return "Intent[segment=" + segment + ", version=" + version + ", deadline=" + deadline + ", owner=" + owner
                + "]";
    }
}
