/**
 * Operations in their order, for sides that cannot be read by key; start with {@link dev.migrate.replay.EventReplay}.
 */
@NullMarked
package dev.migrate.replay;

import org.jspecify.annotations.NullMarked;
