/** A filter that strangles HTTP routes; start from {@code StranglerFilter}. */
@NullMarked
package dev.migrate.servlet;

import org.jspecify.annotations.NullMarked;
