/**
 * Percentage flags for stateless choices; start from {@link dev.migrate.flag.PercentageFlag}, and from {@link
 * dev.migrate.flag.Flags} for many.
 */
@NullMarked
package dev.migrate.flag;

import org.jspecify.annotations.NullMarked;
