/**
 * Calls of a target that fall back to legacy without doing anything twice; start with {@link dev.migrate.fallback.LegacyFallback}.
 */
@NullMarked
package dev.migrate.fallback;

import org.jspecify.annotations.NullMarked;
