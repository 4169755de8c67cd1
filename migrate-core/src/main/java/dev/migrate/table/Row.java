package dev.migrate.table;

/**
 * One row of a table.
 *
 * @param key its key
 * @param fields the values of all its columns, those of the key included
 */
public record Row(TableKey key, Fields fields) {}
