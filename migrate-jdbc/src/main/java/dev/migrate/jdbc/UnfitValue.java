package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.table.Column;
import org.jspecify.annotations.Nullable;

/** A value does not become one of a column's; the message names the column and what to do, but no value. */
final class UnfitValue extends MigrationException {
    private static final long serialVersionUID = 1L;

    UnfitValue(@Nullable Object value, Column column, RuntimeException cause) {
        super(
                "a value of " + (value == null ? "NULL" : value.getClass().getSimpleName())
                        + " does not become one of column '" + column.name() + "' of type " + column.type()
                        + "; correct it, or derive(..) the column in the mapping",
                cause);
    }
}
