package dev.migrate.table;

import org.jspecify.annotations.Nullable;

/**
 * A range of keys, in the order of the database that is asked.
 *
 * @param after the key before the first; null for no bound
 * @param upTo the last key; null for no bound
 */
public record KeyRange(@Nullable TableKey after, @Nullable TableKey upTo) {
    /** All keys. */
    public static final KeyRange ALL = new KeyRange(null, null);
}
