/**
 * Walks a migration or a flag through its steps, and back where something is worse than before; start from {@link
 * dev.migrate.rollout.Rollout}.
 */
@NullMarked
package dev.migrate.rollout;

import org.jspecify.annotations.NullMarked;
