package dev.migrate.internal.option;

import dev.migrate.MigrationException;
import dev.migrate.table.TableSide;

/** That two tables know a key by the same text: a journal of one side names rows of the other. */
public final class SameKeys {
    private SameKeys() {}

    /**
     * Refuses tables whose keys are of different types.
     *
     * @throws MigrationException where they are; the message names the tables and the types
     */
    public static void require(TableSide legacy, TableSide target) {
        if (!legacy.keyTypes().equals(target.keyTypes())) {
            throw new MigrationException("the keys of '" + legacy.name() + "' and '" + target.name()
                    + "' must be of the same types for routers and journals, but were " + legacy.keyTypes() + " and "
                    + target.keyTypes() + "; say with keyAs(..) as what the router knows them");
        }
    }
}
