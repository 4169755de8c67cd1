package dev.migrate.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * An empty database of one test class.
 *
 * @param product the product, in lower case
 * @param name the database's name
 * @param dataSource opens a new connection at each call
 * @param drop removes the database
 */
public record TestDatabase(String product, String name, DataSource dataSource, Drop drop) implements AutoCloseable {

    /** Removes a database. */
    @FunctionalInterface
    public interface Drop {
        void run() throws SQLException;
    }

    /** Runs statements, each in a transaction of its own. */
    public void execute(String... statements) throws SQLException {
        execute(dataSource, statements);
    }

    static void execute(DataSource dataSource, String... statements) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void close() throws SQLException {
        drop.run();
    }

    @Override
    public String toString() {
        return product;
    }
}
