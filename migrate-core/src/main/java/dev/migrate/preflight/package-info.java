/**
 * A look at legacy's rows before they are copied: which of them the target would refuse, change, or take for one and the same; start with
 * {@link dev.migrate.preflight.Preflight}.
 */
@NullMarked
package dev.migrate.preflight;

import org.jspecify.annotations.NullMarked;
