/**
 * Copying what existed before a migration began, beside live traffic; start with {@link dev.migrate.backfill.Backfill}.
 */
@NullMarked
package dev.migrate.backfill;

import org.jspecify.annotations.NullMarked;
