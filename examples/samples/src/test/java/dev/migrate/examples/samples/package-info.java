/** The samples of the README; start with {@link dev.migrate.examples.samples.DualWriteSampleTest}. */
@NullMarked
package dev.migrate.examples.samples;

import org.jspecify.annotations.NullMarked;
