package dev.migrate.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.Side;
import dev.migrate.replay.EventLog;
import dev.migrate.test.EventLogContract;
import java.sql.SQLException;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;

/** The contract on a real database; a class for each product extends it. */
abstract class JdbcEventLogContract extends EventLogContract {
    private final TestServer server;
    private TestDatabase database;
    private HikariDataSource pool;

    JdbcEventLogContract(TestServer server) {
        this.server = server;
    }

    @Override
    protected final EventLog emptyLog(InstantSource time) {
        database = server.fresh();
        pool = JdbcSideBooksContract.pool(database);
        return JdbcEventLogs.joining(new JoiningDataSource(pool)).time(time).log("orders", "events", Side.LEGACY);
    }

    @AfterEach
    final void drop() throws SQLException {
        pool.close();
        database.close();
    }
}
