/** Percentage flags for stateless choices; start from {@code PercentageFlag}. */
@NullMarked
package dev.migrate.flag;

import org.jspecify.annotations.NullMarked;
