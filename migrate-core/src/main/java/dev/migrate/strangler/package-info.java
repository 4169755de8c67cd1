/**
 * Requests that are handled by legacy or by the target, route by route; start with {@link dev.migrate.strangler.StranglerRouter}.
 */
@NullMarked
package dev.migrate.strangler;

import org.jspecify.annotations.NullMarked;
