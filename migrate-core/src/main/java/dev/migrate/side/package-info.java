/**
 * What each side of a migration keeps for itself; start with {@link dev.migrate.side.SideBooks}.
 *
 * <p>An application meets this package only when it writes a kind of side of its own.
 */
@NullMarked
package dev.migrate.side;

import org.jspecify.annotations.NullMarked;
