package dev.migrate.jdbc.decommission;

import dev.migrate.Migration;
import dev.migrate.jdbc.TestDatabase;
import dev.migrate.store.InMemoryMigrationStore;
import dev.migrate.test.ManualTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A legacy database with a table, nodes of a migration, and a session of somebody else. */
final class DecommissionFixture implements AutoCloseable {
    final ManualTime time = new ManualTime();
    final InMemoryMigrationStore store = new InMemoryMigrationStore(time);
    final Migration migration = node("a");
    final TestDatabase legacy;
    private final Connection other;

    DecommissionFixture(TestDatabase legacy) throws SQLException {
        this.legacy = legacy;
        this.other = legacy.dataSource().getConnection();
        elsewhere(
                "create table orders (id bigint primary key, name varchar(20))",
                "insert into orders values (1, 'one'), (2, 'two')");
    }

    Migration node(String name) {
        return Migration.named("orders")
                .store(store)
                .node(name)
                .time(time)
                .nanoTime(time::nanoTime)
                .build();
    }

    DecommissionCheck.Builder check() {
        return DecommissionCheck.of(migration)
                .legacy(legacy.dataSource(), "orders")
                .period(Duration.ofDays(7));
    }

    /** Runs statements in somebody else's session, which then tells of what it did, as it would by itself a little later. */
    void elsewhere(String... statements) throws SQLException {
        try (Statement statement = other.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        settled();
    }

    private void settled() throws SQLException {
        if (legacy.product().equals("postgresql")) {
            try (Statement statement = other.createStatement()) {
                statement.execute("select pg_stat_force_next_flush()");
            }
        }
    }

    /** Runs statements in a transaction of a connection; {@code end} ends it. */
    static void inTransaction(Connection connection, boolean commits, String... statements) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        if (commits) {
            connection.commit();
        } else {
            connection.rollback();
        }
        connection.setAutoCommit(true);
    }

    @Override
    public void close() throws SQLException {
        migration.close();
        other.close();
        legacy.close();
    }
}
