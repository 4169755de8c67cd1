package dev.migrate.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.MigrationStore;
import dev.migrate.test.MigrationStoreContract;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;

/** The contract on a real database; a class for each product extends it. */
abstract class JdbcMigrationStoreContract extends MigrationStoreContract {
    private final TestServer server;
    private final Deque<TestDatabase> databases = new ArrayDeque<>();
    private final Deque<HikariDataSource> pools = new ArrayDeque<>();
    private InstantSource time;

    JdbcMigrationStoreContract(TestServer server) {
        this.server = server;
    }

    @Override
    protected final MigrationStore emptyStore(InstantSource source) {
        time = source;
        databases.push(server.fresh());
        return storeOnAPoolOfItsOwn();
    }

    @Override
    protected final MigrationStore onAnotherNode(MigrationStore store) {
        return storeOnAPoolOfItsOwn();
    }

    private MigrationStore storeOnAPoolOfItsOwn() {
        HikariDataSource pool = JdbcSideBooksContract.pool(databases.element());
        pools.push(pool);
        return new JdbcMigrationStore(pool).time(time);
    }

    @AfterEach
    final void drop() throws SQLException {
        pools.forEach(HikariDataSource::close);
        for (TestDatabase database : databases) {
            database.close();
        }
    }
}
