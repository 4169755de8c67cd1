/** Percentage flags; start from {@link dev.migrate.benchmarks.flags.FlagBenchmark}. */
@NullMarked
package dev.migrate.benchmarks.flags;

import org.jspecify.annotations.NullMarked;
