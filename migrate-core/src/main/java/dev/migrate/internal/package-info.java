/**
 * Hashing and encoding of keys, shared by the library's own modules; not exported to applications.
 */
@NullMarked
package dev.migrate.internal;

import org.jspecify.annotations.NullMarked;
