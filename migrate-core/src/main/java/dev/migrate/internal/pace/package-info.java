/** How long work gives way to what is more urgent: orders of people, throttles and debt. */
@NullMarked
package dev.migrate.internal.pace;

import org.jspecify.annotations.NullMarked;
