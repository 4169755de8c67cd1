package dev.migrate.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.reconcile.ReconciliationKeeper;
import dev.migrate.test.ReconciliationKeeperContract;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;

/** The contract on a real database; a class for each product extends it. */
abstract class JdbcReconciliationKeeperContract extends ReconciliationKeeperContract {
    private final TestServer server;
    private final Deque<HikariDataSource> pools = new ArrayDeque<>();
    private TestDatabase database;
    private InstantSource time;

    JdbcReconciliationKeeperContract(TestServer server) {
        this.server = server;
    }

    @Override
    protected final ReconciliationKeeper emptyKeeper(InstantSource source) {
        time = source;
        database = server.fresh();
        return storeOnAPoolOfItsOwn();
    }

    @Override
    protected final ReconciliationKeeper onAnotherNode(ReconciliationKeeper store) {
        return storeOnAPoolOfItsOwn();
    }

    private JdbcMigrationStore storeOnAPoolOfItsOwn() {
        HikariDataSource pool = JdbcSideBooksContract.pool(database);
        pools.push(pool);
        return new JdbcMigrationStore(pool).time(time);
    }

    @AfterEach
    final void drop() throws SQLException {
        pools.forEach(HikariDataSource::close);
        database.close();
    }
}
