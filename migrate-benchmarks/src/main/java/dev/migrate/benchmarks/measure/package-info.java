/** How a group is run and what is claimed of it; start from {@link dev.migrate.benchmarks.measure.Group}. */
@NullMarked
package dev.migrate.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
