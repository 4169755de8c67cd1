/** The patience of tests. */
@NullMarked
package dev.migrate.verify.patience;

import org.jspecify.annotations.NullMarked;
