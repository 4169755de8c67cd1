package dev.migrate.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.internal.CanonicalKeys;
import dev.migrate.side.Owed;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.Acceptance;
import dev.migrate.store.InMemoryMigrationStore;
import dev.migrate.table.Mapping;
import dev.migrate.table.Row;
import dev.migrate.table.TableKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A legacy and a target database with one table each, a migration over them, and as much of a router and its worker as is needed to
 * write legacy's rows with their journal and to copy what is owed.
 */
public final class TablePair implements AutoCloseable {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private final TestDatabase legacyDatabase;
    private final TestDatabase targetDatabase;
    private final HikariDataSource legacyPool;
    private final HikariDataSource targetPool;
    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final InstantSource time = now::get;
    public final JoiningDataSource legacyDb;
    public final JoiningDataSource targetDb;
    public final List<MigrationEvent> events = new CopyOnWriteArrayList<>();
    public final Migration migration;
    private long epoch;

    public TablePair(TestServer legacy, TestServer target) {
        legacyDatabase = legacy.fresh();
        targetDatabase = target.fresh();
        legacyPool = pool(legacyDatabase);
        targetPool = pool(targetDatabase);
        legacyDb = new JoiningDataSource(legacyPool);
        targetDb = new JoiningDataSource(targetPool);
        migration = Migration.named("users")
                .store(new InMemoryMigrationStore(time))
                .time(time)
                .listener(events::add)
                .build();
    }

    /** Two databases of PostgreSQL. */
    public static TablePair ofPostgres() {
        return fromPostgres(postgres());
    }

    /** Legacy in PostgreSQL. */
    public static TablePair fromPostgres(TestServer target) {
        return new TablePair(postgres(), target);
    }

    private static TestServer postgres() {
        return new TestServer() {
            @Override
            public String product() {
                return "postgresql";
            }

            @Override
            public TestDatabase fresh() {
                return TestDatabases.postgres();
            }
        };
    }

    private static HikariDataSource pool(TestDatabase database) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.dataSource());
        config.setMaximumPoolSize(6);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }

    /** Connections to a side's database that do not come from its pool. */
    public TestDatabase database(Side side) {
        return side == Side.LEGACY ? legacyDatabase : targetDatabase;
    }

    public JoiningDataSource db(Side side) {
        return side == Side.LEGACY ? legacyDb : targetDb;
    }

    public JdbcTable legacy(String table) {
        return JdbcTable.of(legacyDb, table).time(time);
    }

    public JdbcTable target(String table) {
        return JdbcTable.of(targetDb, table).time(time);
    }

    public int openConnections(Side side) {
        return (side == Side.LEGACY ? legacyPool : targetPool)
                .getHikariPoolMXBean()
                .getActiveConnections();
    }

    /** The migration begins to copy: legacy is authoritative, and its writes are journalled. */
    public void dualWrite() {
        migration.moveTo(Stage.DUAL_WRITE, "test");
        assign(Side.LEGACY);
    }

    public void assign(Side authority) {
        epoch = Math.max(epoch + 1, migration.latestView().epoch());
        books(authority).assign(SegmentRange.ALL, Role.AUTHORITY, true, epoch);
        books(authority.other()).assign(SegmentRange.ALL, Role.SHADOW, true, epoch);
    }

    public SideBooks books(Side side) {
        return (side == Side.LEGACY ? legacy("users") : target("users")).books("users", side);
    }

    /** Runs a statement in a side's database, in the thread's transaction where there is one. */
    public int execute(Side side, String sql, Object... values) throws SQLException {
        try (Connection connection = db(side).getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int at = 0; at < values.length; at++) {
                statement.setObject(at + 1, values[at]);
            }
            return statement.executeUpdate();
        }
    }

    /** The first columns of all rows that a query gives, as text. */
    public List<String> query(Side side, String sql) throws SQLException {
        try (Connection connection = db(side).newConnection();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            List<String> found = new ArrayList<>();
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                StringBuilder line = new StringBuilder();
                for (int at = 1; at <= columns; at++) {
                    line.append(at == 1 ? "" : "|").append(rows.getString(at));
                }
                found.add(line.toString());
            }
            return found;
        }
    }

    /** A routed write: the row and the journal commit together. */
    public void write(Side authority, Object key, String sql, Object... values) throws Exception {
        SideBooks books = books(authority);
        books.inTransaction(() -> {
            execute(authority, sql, values);
            books.admit(CanonicalKeys.encode(key), segment(key), true);
            return true;
        });
    }

    private int segment(Object key) {
        return Position.segmentOf(migration.bucketOf(key));
    }

    /** Copies everything that is owed, as the journal's worker does. */
    public int drain(Side authority, JdbcTable from, JdbcTable to, Mapping mapping) throws Exception {
        int copied = 0;
        SideBooks books = books(authority);
        while (true) {
            advance(Duration.ofMinutes(5));
            List<Owed> owed = books.claim("worker", 100, time.instant(), Duration.ofMinutes(1));
            if (owed.isEmpty()) {
                return copied;
            }
            for (Owed one : owed) {
                copy(one, books, from, to, mapping);
                copied++;
            }
        }
    }

    private void copy(Owed owed, SideBooks books, JdbcTable from, JdbcTable to, Mapping mapping) throws Exception {
        Side shadow = books.toString().contains("TARGET") ? Side.LEGACY : Side.TARGET;
        Object routed = CanonicalKeys.decode(owed.key());
        List<?> parts = routed instanceof List<?> list ? list : List.of(routed);
        TableKey key = from.parseCursor(
                CanonicalKeys.encode(parts.stream().map(String::valueOf).toList()));
        Row row = from.find(List.of(key)).get(owed.key());
        SideBooks held = books(shadow);
        held.inTransaction(() -> {
            if (held.accept(owed.key(), owed.segment(), owed.version(), row == null) == Acceptance.ACCEPTED) {
                if (row == null) {
                    to.remove(key);
                } else {
                    var bound = shadow == Side.TARGET
                            ? mapping.bind(from.shape(), to.shape())
                            : mapping.bind(to.shape(), from.shape());
                    to.put(key, bound.to(shadow, row.fields()));
                }
            }
            return true;
        });
        books.settle(owed.key(), owed.version());
    }

    public void advance(Duration length) {
        now.updateAndGet(instant -> instant.plus(length));
    }

    @Override
    public String toString() {
        return legacyDatabase + " to " + targetDatabase;
    }

    @Override
    public void close() throws SQLException {
        migration.close();
        legacyPool.close();
        targetPool.close();
        legacyDatabase.close();
        targetDatabase.close();
    }
}
