package dev.migrate.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.Side;
import dev.migrate.side.SideBooks;
import dev.migrate.test.SideBooksContract;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** The contract on a real database; a class for each product extends it. */
abstract class JdbcSideBooksContract extends SideBooksContract {
    private final TestServer server;
    private TestDatabase database;
    private HikariDataSource pool;

    JdbcSideBooksContract(TestServer server) {
        this.server = server;
    }

    @Override
    protected final SideBooks emptyBooks(InstantSource time) {
        database = server.fresh();
        pool = pool(database);
        return books(pool, time);
    }

    static SideBooks books(HikariDataSource pool, InstantSource time) {
        JdbcRecords<String, String> records = JdbcRecords.<String, String>of(
                        pool,
                        (connection, key) -> Optional.empty(),
                        (connection, value) -> value,
                        (connection, key) -> {})
                .time(time);
        return records.books("orders", "records", Side.LEGACY);
    }

    static HikariDataSource pool(TestDatabase database) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.dataSource());
        config.setMaximumPoolSize(16);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }

    @AfterEach
    final void drop() throws SQLException {
        pool.close();
        database.close();
    }
}
