/** Comparing two tables, against full scans within the databases, checksums in SQL, and a merge in Java. */
@NullMarked
package dev.migrate.benchmarks.reconcile;

import org.jspecify.annotations.NullMarked;
