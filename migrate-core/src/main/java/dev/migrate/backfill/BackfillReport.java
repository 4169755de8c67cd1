package dev.migrate.backfill;

import java.time.Duration;

/**
 * What a backfill did, all its runs together where it was resumed.
 *
 * @param migration the migration's name
 * @param table the target table's name
 * @param rowsRead rows read from legacy
 * @param rowsCopied rows inserted into the target
 * @param rowsSkipped rows that the target had already, or had already seen deleted
 * @param rowsLeftOut rows that the mapping or the target refuses, and that wait for review; see {@code reviewRefused}
 * @param chunks chunks that are done
 * @param keysOwedAgain keys that were written while they were copied, and were handed to the journal, in this run
 * @param took how long this run took
 */
public record BackfillReport(
        String migration,
        String table,
        long rowsRead,
        long rowsCopied,
        long rowsSkipped,
        long rowsLeftOut,
        int chunks,
        long keysOwedAgain,
        Duration took) {}
