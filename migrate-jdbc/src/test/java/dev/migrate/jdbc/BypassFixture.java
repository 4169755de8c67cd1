package dev.migrate.jdbc;

import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.Migration;
import dev.migrate.Position;
import dev.migrate.Records;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.jdbc.Orders.Order;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Orders on two databases with a router, and an application that writes them past it: by statements on connections that know nothing of
 * the library. In legacy an order belongs to a customer, and goes with it.
 */
final class BypassFixture implements AutoCloseable {
    /** The databases on which an owing trigger can stand. */
    static final List<TestServer> SERVERS = TestDatabases.servers().stream()
            .filter(server -> !server.product().equals("h2"))
            .toList();

    private final List<AutoCloseable> owned = new ArrayList<>();
    final TestDatabase legacyDatabase;
    final TestDatabase targetDatabase;
    final JoiningDataSource legacyDb;
    final JoiningDataSource targetDb;
    final Orders legacy;
    final Orders target;
    final Migration migration;
    final DualWriteRouter<Long, Order> router;

    BypassFixture(TestServer server) throws Exception {
        this(server, Duration.ofMillis(100));
    }

    BypassFixture(TestServer server, Duration repairEvery) throws Exception {
        legacyDatabase = database(server);
        targetDatabase = database(server);
        legacyDatabase.execute(
                "create table customer (id bigint primary key)",
                "create table orders (id bigint primary key, content varchar(100), customer bigint,"
                        + " foreign key (customer) references customer (id) on delete cascade)");
        targetDatabase.execute(Orders.ddl("orders"));
        legacyDb = pool(legacyDatabase);
        targetDb = pool(targetDatabase);
        legacy = new Orders(legacyDb, "orders");
        target = new Orders(targetDb, "orders");
        migration = Migration.named("orders")
                .store(new JdbcMigrationStore(legacyDb))
                .stepBudget(Duration.ofSeconds(60))
                .build();
        owned.add(migration);
        router = DualWriteRouter.of(migration)
                .legacy(JdbcRecords.joining(legacyDb, Records.of(legacy::find, legacy::save, legacy::delete)))
                .target(JdbcRecords.joining(targetDb, Records.of(target::find, target::save, target::delete)))
                .key(Order::id)
                .longestWait(Duration.ofSeconds(60))
                .repairEvery(repairEvery)
                .build();
        owned.add(router);
    }

    private TestDatabase database(TestServer server) {
        TestDatabase database = server.fresh();
        owned.add(database);
        return database;
    }

    private JoiningDataSource pool(TestDatabase database) {
        HikariDataSource pool = JdbcSideBooksContract.pool(database);
        owned.add(pool);
        return new JoiningDataSource(pool);
    }

    JoiningDataSource db(Side side) {
        return side == Side.LEGACY ? legacyDb : targetDb;
    }

    OwingTrigger trigger(Side side) {
        JdbcTable table = JdbcTable.of(db(side), "orders");
        return side == Side.LEGACY
                ? OwingTrigger.of(migration).legacy(table)
                : OwingTrigger.of(migration).target(table);
    }

    BypassFixture withTriggers() {
        trigger(Side.LEGACY).install();
        trigger(Side.TARGET).install();
        return this;
    }

    BypassFixture at(Stage stage) {
        while (migration.current().stage() != stage) {
            Stage now = migration.current().stage();
            boolean onward = migration.current().compareTo(Position.of(stage)) < 0;
            migration.moveTo((onward ? now.next() : now.previous()).orElseThrow(), "test");
        }
        return this;
    }

    /** What another application does: statements in one transaction, on a connection of its own. */
    void past(Side side, String... statements) throws SQLException {
        TestDatabase database = side == Side.LEGACY ? legacyDatabase : targetDatabase;
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
            connection.commit();
        }
    }

    void awaitNoDebt() {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> router.repair() >= 0 && router.debt().isNone());
    }

    /** What legacy and target hold, once nothing is owed any more. */
    List<Map<Long, String>> settled() throws SQLException {
        awaitNoDebt();
        return List.of(legacy.all(), target.all());
    }

    long count(Side side, String query) throws SQLException {
        try (Connection connection = db(side).newConnection();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() throws Exception {
        for (int i = owned.size() - 1; i >= 0; i--) {
            owned.get(i).close();
        }
    }
}
