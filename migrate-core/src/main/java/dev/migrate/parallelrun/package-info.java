/**
 * Calls without effects that both sides answer, and whose answers are compared off the caller's thread; start with
 * {@link dev.migrate.parallelrun.ParallelRun}.
 */
@NullMarked
package dev.migrate.parallelrun;

import org.jspecify.annotations.NullMarked;
