package dev.migrate.side;

import dev.migrate.Side;

/**
 * Keeps books for sides that have no place of their own for them: plain functions, remote services.
 *
 * <p>A {@link dev.migrate.MigrationStore} that is a database implements this too, so that what such a side is owed outlives the process.
 */
public interface BookKeeper {
    /**
     * The books of one side for one kind of records, made where they do not yet exist.
     *
     * @param migration the migration's name
     * @param records the name of this kind of records within the migration
     * @param side which side the books are for
     */
    SideBooks books(String migration, String records, Side side);
}
