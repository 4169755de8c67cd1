/**
 * A store for tests and for trying things out: {@link dev.migrate.store.InMemoryMigrationStore}.
 *
 * <p>Durable stores are in modules of their own, such as {@code migrate-jdbc}; the interface is {@link dev.migrate.MigrationStore}.
 */
@NullMarked
package dev.migrate.store;

import org.jspecify.annotations.NullMarked;
