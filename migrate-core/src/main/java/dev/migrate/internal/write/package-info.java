/**
 * The protocol of a write of one key to two sides; start with {@link dev.migrate.internal.write.KeyedWrites}. Not exported.
 */
@NullMarked
package dev.migrate.internal.write;

import org.jspecify.annotations.NullMarked;
