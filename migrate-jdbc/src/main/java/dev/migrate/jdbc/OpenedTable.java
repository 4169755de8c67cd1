package dev.migrate.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** What a table is, read once from its database: its shape, its keys, and the statements on its rows. */
record OpenedTable(TableReading.Found found, TableKeys keys, TableRows rows) {
    static OpenedTable open(TableOptions options) {
        try (Connection connection = options.binding().newConnection()) {
            TableReading.Found found = TableReading.read(connection, options.table(), options.key());
            TableKeys keys = TableKeys.read(connection, found, options.keyTypes());
            options.requirePartitionIn(found.shape());
            Untested.warn("table '" + options.table() + "'", found.dialect());
            return new OpenedTable(found, keys, new TableRows(found, keys));
        } catch (SQLException failure) {
            throw SqlFailure.of("read what table '" + options.table() + "' is", failure);
        }
    }
}
