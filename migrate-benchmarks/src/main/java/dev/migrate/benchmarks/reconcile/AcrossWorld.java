package dev.migrate.benchmarks.reconcile;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.Migration;
import dev.migrate.benchmarks.measure.RowGroup;
import dev.migrate.benchmarks.table.MariaDb;
import dev.migrate.benchmarks.table.OrderDatabases;
import dev.migrate.jdbc.JdbcTable;
import dev.migrate.reconcile.Reconciliation;
import dev.migrate.store.InMemoryMigrationStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;

/** A table in PostgreSQL and its copy in MariaDB with twenty differences. */
final class AcrossWorld implements RowGroup.World {
    private static final String TABLE = "CREATE TABLE orders (id bigint PRIMARY KEY, customer bigint NOT NULL,"
            + " status varchar(20) NOT NULL, amount decimal(12,2), quantity int NOT NULL, email varchar(60),"
            + " paid boolean NOT NULL, created datetime(6) NOT NULL)";

    /** MariaDB's time has no zone. */
    private static final String LIKE_THE_TARGET =
            OrderDatabases.COLUMNS.replace("created", "created AT TIME ZONE 'UTC' AS created");

    private static final int COLUMNS = 8;
    private static final int FETCH = 5_000;
    private static final int CONNECTIONS = 12;
    private final OrderDatabases databases;
    private final HikariDataSource mariaDb;
    private final Planted planted;
    private final Migration migration;
    private final JdbcTable legacy;
    private final JdbcTable target;
    private final ExecutorService both = Executors.newFixedThreadPool(2);
    private int found;

    AcrossWorld(int rows) throws Exception {
        databases = new OrderDatabases(rows, false);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(MariaDb.server().create("target"));
        config.setMaximumPoolSize(CONNECTIONS);
        mariaDb = new HikariDataSource(config);
        OrderDatabases.execute(mariaDb, TABLE);
        copy(databases.legacy(), mariaDb);
        planted = Planted.in(mariaDb, rows);
        OrderDatabases.execute(mariaDb, "ANALYZE TABLE orders");
        migration = Migration.named("orders")
                .store(new InMemoryMigrationStore(InstantSource.system()))
                .build();
        legacy = JdbcTable.of(databases.legacy(), "orders");
        target = JdbcTable.of(mariaDb, "orders");
    }

    private static void copy(DataSource from, DataSource to) throws SQLException {
        try (Connection reading = from.getConnection();
                Connection writing = to.getConnection();
                PreparedStatement select = reading.prepareStatement(ObjectMerge.all(LIKE_THE_TARGET));
                PreparedStatement insert =
                        writing.prepareStatement("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?)")) {
            reading.setAutoCommit(false);
            writing.setAutoCommit(false);
            select.setFetchSize(FETCH);
            try (ResultSet rows = select.executeQuery()) {
                for (int row = 1; rows.next(); row++) {
                    for (int column = 1; column <= COLUMNS; column++) {
                        insert.setObject(column, rows.getObject(column));
                    }
                    insert.addBatch();
                    if (row % FETCH == 0) {
                        insert.executeBatch();
                    }
                }
            }
            insert.executeBatch();
            writing.commit();
            reading.rollback();
        }
    }

    @Override
    public void prepare(String benchmark) {
        found = 0;
    }

    @Override
    public void run(String benchmark) throws Exception {
        found = switch (benchmark) {
            case "reconcile" ->
                planted.found(Reconciliation.of(migration)
                        .legacy(legacy)
                        .target(target)
                        .build()
                        .run());
            case "streamBoth" -> streamBoth();
            case "mergeOfObjects" -> ObjectMerge.differing(databases.legacy(), mariaDb, LIKE_THE_TARGET);
            default -> throw new IllegalArgumentException("no such benchmark: " + benchmark);
        };
    }

    /** All that reading alone can find is whether the sums of the values differ. */
    private int streamBoth() throws Exception {
        List<Long> sums = ReconcileWorld.both(
                both,
                List.of(
                        () -> streamed(databases.legacy(), LIKE_THE_TARGET),
                        () -> streamed(mariaDb, OrderDatabases.COLUMNS)));
        return sums.get(0).equals(sums.get(1)) ? 0 : Planted.DIFFERENCES;
    }

    private static long streamed(DataSource database, String columns) throws SQLException {
        long sum = 0;
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(ObjectMerge.all(columns))) {
            connection.setAutoCommit(false);
            select.setFetchSize(FETCH);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    for (int column = 1; column <= COLUMNS; column++) {
                        Object value = rows.getObject(column);
                        sum += value == null ? column : value.hashCode();
                    }
                }
            }
            connection.rollback();
        }
        return sum;
    }

    @Override
    public void check(String benchmark) {
        if (found != Planted.DIFFERENCES) {
            throw new IllegalStateException(
                    benchmark + " has found " + found + " of " + Planted.DIFFERENCES + " differences");
        }
    }

    @Override
    public void close() throws Exception {
        both.shutdownNow();
        migration.close();
        mariaDb.close();
        databases.close();
    }
}
