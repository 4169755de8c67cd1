/**
 * Whether the databases hold what was promised, by SQL of its own;
 * start from {@link dev.migrate.examples.users.check.LossCheck}.
 */
@NullMarked
package dev.migrate.examples.users.check;

import org.jspecify.annotations.NullMarked;
