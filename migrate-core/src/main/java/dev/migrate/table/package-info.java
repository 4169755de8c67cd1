/**
 * Tables as sides of a migration, and the {@link dev.migrate.table.Mapping} between two of them; start with the mapping.
 *
 * <p>An application meets the rest of this package only when it writes a kind of table of its own; {@code migrate-jdbc} has
 * {@code JdbcTable}.
 */
@NullMarked
package dev.migrate.table;

import org.jspecify.annotations.NullMarked;
