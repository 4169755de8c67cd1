package dev.migrate.jdbc.schema;

import java.sql.Connection;
import java.sql.SQLException;

/** A data source that may hand out a transaction's connection, and has others beside it. Thread-safe. */
public interface ConnectionsApart {
    /**
     * A connection outside of the thread's transaction. Whoever takes it closes it.
     *
     * @throws SQLException where the database cannot be reached
     */
    Connection newConnection() throws SQLException;
}
