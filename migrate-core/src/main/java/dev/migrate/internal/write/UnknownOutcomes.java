package dev.migrate.internal.write;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.OutcomeUnknown;
import dev.migrate.Side;
import dev.migrate.UnknownOutcomeException;
import org.jspecify.annotations.Nullable;

/** Says of writes of one kind of records that it cannot be said whether they hold. */
record UnknownOutcomes(Migration migration, String records) {
    /** The exception for the caller; it has been told to the listeners. */
    UnknownOutcomeException because(Side side, String why, @Nullable Throwable cause) {
        UnknownOutcomeException unknown = new UnknownOutcomeException(
                "migration '" + migration.name() + "', records '" + records + "': a write was made on the " + side
                        + " side, and whether it holds is unknown, because " + why
                        + "; both sides will be equal: read the key to see what holds, and repeat the write only where that is"
                        + " safe",
                cause);
        tell(side, unknown);
        return unknown;
    }

    /** Tells the listeners of what reaches the caller. */
    void tell(Side side, Throwable thrown) {
        migration.publish(new OutcomeUnknown(migration.name(), records, side, thrown));
    }
}
