package dev.migrate.examples.samples;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;

/** Databases for the samples, in memory. */
final class Databases {
    private Databases() {}

    /** A pool over an empty database with a table of orders. */
    static DataSource withOrders() throws SQLException {
        DataSource pool =
                JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE orders (id BIGINT PRIMARY KEY, customer VARCHAR(100) NOT NULL, cents BIGINT NOT NULL)");
        }
        return pool;
    }
}
