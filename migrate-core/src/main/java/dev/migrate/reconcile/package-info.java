/**
 * Proving that both sides hold the same, and repairing what does not; start with {@link dev.migrate.reconcile.Reconciliation}.
 */
@NullMarked
package dev.migrate.reconcile;

import org.jspecify.annotations.NullMarked;
