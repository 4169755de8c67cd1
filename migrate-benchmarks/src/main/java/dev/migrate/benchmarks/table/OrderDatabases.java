package dev.migrate.benchmarks.table;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Two databases on one PostgreSQL, reached over loopback and committing to disk, with a table of orders in each. Thread-safe. */
public final class OrderDatabases implements AutoCloseable {
    /** The columns, in their order. */
    public static final String COLUMNS = "id, customer, status, amount, quantity, email, paid, created";

    private static final String TABLE = "CREATE TABLE orders (id bigint PRIMARY KEY, customer bigint NOT NULL,"
            + " status varchar(20) NOT NULL, amount numeric(12,2), quantity int NOT NULL, email text,"
            + " paid boolean NOT NULL, created timestamptz NOT NULL)";
    private static final String ROWS = "INSERT INTO orders SELECT n, n::bigint * 7919 % 100000,"
            + " (ARRAY['new','paid','shipped','returned'])[1 + n % 4], (n::bigint * 104729 % 10000000) / 100.0, n % 50,"
            + " CASE WHEN n % 17 > 0 THEN 'customer' || n % 100000 || '@example.org' END, n % 3 = 0,"
            + " timestamptz '2020-01-01 00:00:00+00' + n * interval '37 seconds' FROM generate_series(1, ";
    private static final int CONNECTIONS = 12;
    private final EmbeddedPostgres server;
    private final HikariDataSource legacy;
    private final HikariDataSource target;

    /**
     * Starts the server and makes the tables.
     *
     * @param rows how many legacy has
     * @param isCopied whether the target has the same, rather than none
     */
    public OrderDatabases(int rows, boolean isCopied) throws IOException, SQLException {
        server = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("shared_buffers", "1GB")
                .setServerConfig("max_wal_size", "8GB")
                .setServerConfig("max_connections", "100")
                .start();
        legacy = database("legacy", rows);
        target = database("target", isCopied ? rows : 0);
    }

    private HikariDataSource database(String name, int rows) throws SQLException {
        execute(server.getPostgresDatabase(), "CREATE DATABASE " + name);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.getJdbcUrl("postgres", name) + "&reWriteBatchedInserts=true");
        config.setMaximumPoolSize(CONNECTIONS);
        HikariDataSource pool = new HikariDataSource(config);
        execute(pool, TABLE, ROWS + rows + ") n", "VACUUM ANALYZE orders", "CHECKPOINT");
        return pool;
    }

    /** Legacy's pool, which rewrites batches. */
    public DataSource legacy() {
        return legacy;
    }

    /** The target's pool, which rewrites batches. */
    public DataSource target() {
        return target;
    }

    /** Runs statements, each on its own. */
    public static void execute(DataSource database, String... statements) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    /** The first column of the first row that a query gives, as text. */
    public static String value(DataSource database, String query) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return String.valueOf(rows.getString(1));
        }
    }

    @Override
    public void close() throws IOException {
        legacy.close();
        target.close();
        server.close();
    }
}
