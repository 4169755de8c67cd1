/**
 * Positions, books and records over JDBC; start from {@link dev.migrate.jdbc.JdbcMigrationStore}.
 */
@NullMarked
package dev.migrate.jdbc;

import org.jspecify.annotations.NullMarked;
