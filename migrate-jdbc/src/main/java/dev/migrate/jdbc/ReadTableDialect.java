package dev.migrate.jdbc;

import dev.migrate.MigrationException;

/**
 * Tables that this library reads and does not write, because it keeps no books in their database: legacy of a preflight, of a backfill, and of a
 * reconciliation that repairs the target.
 */
interface ReadTableDialect extends TableDialect {
    @Override
    default boolean isTested() {
        return false;
    }

    @Override
    default void requireWritable(String table) {
        throw new MigrationException("table '" + table + "' is in " + name()
                + ", whose tables are read and not written, because no books can be kept beside their rows: give it as legacy,"
                + " and let a router with plain Records write it");
    }

    /** The product's name, for people. */
    String name();

    default MigrationException unfitKey(String table, String column, String why) {
        return new MigrationException(
                "column '" + column + "' of the key of table '" + table + "' in " + name() + " " + why
                        + "; name other columns that are unique and never NULL with key(..), or give the column another type");
    }
}
