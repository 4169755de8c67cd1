package dev.migrate.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Work on a connection. */
@FunctionalInterface
interface SqlWork<T extends @Nullable Object> {
    T run(Connection connection) throws SQLException;
}
