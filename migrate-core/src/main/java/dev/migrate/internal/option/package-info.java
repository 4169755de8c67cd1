/** What is given to builders, checked. */
@NullMarked
package dev.migrate.internal.option;

import org.jspecify.annotations.NullMarked;
