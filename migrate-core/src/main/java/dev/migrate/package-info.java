/**
 * The words that all parts of the library share; start with {@link dev.migrate.Migration}.
 */
@NullMarked
package dev.migrate;

import org.jspecify.annotations.NullMarked;
