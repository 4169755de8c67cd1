package dev.migrate.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.Side;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.UnaryOperator;

/** A fresh database with the library's tables and one of an application, {@code app_row}; both sides may have their books in it. */
final class SideFixture implements AutoCloseable {
    final TestDatabase database;
    final HikariDataSource pool;
    final JoiningDataSource dataSource;
    private final Dialect dialect;

    SideFixture(TestServer server) throws SQLException {
        database = server.fresh();
        pool = JdbcSideBooksContract.pool(database);
        dataSource = new JoiningDataSource(pool);
        dialect = JdbcSchema.ensure(dataSource, SchemaMode.CREATE);
        database.execute("create table app_row (id varchar(100) primary key, content varchar(100))");
    }

    JdbcSideBooks books(Side side) {
        return books(side, dataSource, unchanged -> unchanged);
    }

    JdbcSideBooks books(Side side, TransactionBinding binding, UnaryOperator<Dialect> variant) {
        return new JdbcSideBooks(
                new BookId("orders", "records", side), binding, variant.apply(dialect), InstantSource.system());
    }

    JdbcSideBooks impatientBooks(Side side) {
        return new JdbcSideBooks(
                new BookId("orders", "records", side),
                dataSource,
                dialect,
                InstantSource.system(),
                Duration.ofSeconds(2));
    }

    /** Runs a statement in the thread's transaction, or else in one of its own. */
    int execute(String sql) throws SQLException {
        return execute(dataSource, sql);
    }

    static int execute(JoiningDataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    /** What a query finds, outside of any transaction. */
    long count(String query) throws SQLException {
        try (Connection connection = dataSource.newConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        pool.close();
        database.close();
    }
}
