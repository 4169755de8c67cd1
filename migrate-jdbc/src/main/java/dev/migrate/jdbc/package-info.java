/** Positions, journal and records over JDBC; start from {@code JdbcMigrationStore}. */
@NullMarked
package dev.migrate.jdbc;

import org.jspecify.annotations.NullMarked;
