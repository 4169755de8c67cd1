package dev.migrate.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.Side;
import dev.migrate.side.SideBooks;
import dev.migrate.test.SideIntentsContract;
import java.sql.SQLException;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;

/** The contract on a real database, in the books that a store keeps for plain functions; a class for each product extends it. */
abstract class JdbcSideIntentsContract extends SideIntentsContract {
    private final TestServer server;
    private TestDatabase database;
    private HikariDataSource pool;

    JdbcSideIntentsContract(TestServer server) {
        this.server = server;
    }

    @Override
    protected final SideBooks emptyBooks(InstantSource time) {
        database = server.fresh();
        pool = JdbcSideBooksContract.pool(database);
        return new JdbcMigrationStore(pool).time(time).books("orders", "records", Side.LEGACY);
    }

    @AfterEach
    final void drop() throws SQLException {
        pool.close();
        database.close();
    }
}
