/** Routing of reads and writes by key; start from {@link dev.migrate.benchmarks.router.RouterBenchmark}. */
@NullMarked
package dev.migrate.benchmarks.router;

import org.jspecify.annotations.NullMarked;
