/** Copying a table, against one binary stream and Spring Batch. */
@NullMarked
package dev.migrate.benchmarks.backfill;

import org.jspecify.annotations.NullMarked;
