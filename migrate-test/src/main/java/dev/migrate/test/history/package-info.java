/**
 * Histories of reads and writes by key, and whether a single register could have given those answers; start with
 * {@link dev.migrate.test.history.Linearizability}.
 */
@NullMarked
package dev.migrate.test.history;

import org.jspecify.annotations.NullMarked;
