/** Benchmarks that measure this library, its peers and the limit in one run; start from {@link dev.migrate.benchmarks.Main}. */
@NullMarked
package dev.migrate.benchmarks;

import org.jspecify.annotations.NullMarked;
