/**
 * What routers of single calls share; not exported. Start with {@link dev.migrate.internal.call.ComparedCall}.
 */
@NullMarked
package dev.migrate.internal.call;

import org.jspecify.annotations.NullMarked;
