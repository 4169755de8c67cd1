package dev.migrate.dualwrite;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Records;
import dev.migrate.Side;
import dev.migrate.side.BookedRecords;

/** The transaction of a side that a router has opened for the caller. */
record OpenWork(Side side, BookedRecords<?, ?> records) implements Work {
    static OpenWork on(Side side, Records<?, ?> records, Migration migration) {
        if (records instanceof BookedRecords<?, ?> booked) {
            return new OpenWork(side, booked);
        }
        throw new MigrationException("migration '" + migration.name()
                + "': within(..) needs records that share a transaction, but the " + side
                + " side is plain functions; use JdbcRecords for it");
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        return records.unwrap(type);
    }
}
