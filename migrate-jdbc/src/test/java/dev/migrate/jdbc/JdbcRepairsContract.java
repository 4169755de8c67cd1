package dev.migrate.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.side.SideBooks;
import dev.migrate.test.RepairsContract;
import java.sql.SQLException;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;

/** The contract on a real database; a class for each product extends it. */
abstract class JdbcRepairsContract extends RepairsContract {
    private final TestServer server;
    private TestDatabase database;
    private HikariDataSource pool;

    JdbcRepairsContract(TestServer server) {
        this.server = server;
    }

    @Override
    protected final SideBooks emptyBooks(InstantSource time) {
        database = server.fresh();
        pool = JdbcSideBooksContract.pool(database);
        return JdbcSideBooksContract.books(pool, time);
    }

    @AfterEach
    final void drop() throws SQLException {
        pool.close();
        database.close();
    }
}
