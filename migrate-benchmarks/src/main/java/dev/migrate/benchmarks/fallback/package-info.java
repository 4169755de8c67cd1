/** Calls behind a breaker; start from {@link dev.migrate.benchmarks.fallback.FallbackBenchmark}. */
@NullMarked
package dev.migrate.benchmarks.fallback;

import org.jspecify.annotations.NullMarked;
