/** A backfill whose processes are killed, two at a time; begin with {@link dev.migrate.verify.cluster.backfill.BackfillKills}. */
@NullMarked
package dev.migrate.verify.cluster.backfill;

import org.jspecify.annotations.NullMarked;
