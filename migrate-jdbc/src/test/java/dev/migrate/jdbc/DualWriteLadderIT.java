package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.LeaseExpiredException;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.MigrationStore;
import dev.migrate.Position;
import dev.migrate.Records;
import dev.migrate.RefusedWriteException;
import dev.migrate.Setting;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.dualwrite.Guarantee;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A router over two real databases, its store in the first. */
class DualWriteLadderIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final int CLIENTS = 4;
    private static final int KEYS = 100;

    record Item(long id, String text) {}

    /** A repository that takes its connections from a data source, as an application's does. */
    private record Items(DataSource dataSource) {
        Optional<Item> find(Long id) throws SQLException {
            try (Connection connection = dataSource.getConnection();
                    PreparedStatement select = connection.prepareStatement("SELECT text FROM item WHERE id = ?")) {
                select.setLong(1, id);
                try (ResultSet rows = select.executeQuery()) {
                    return rows.next() ? Optional.of(new Item(id, rows.getString(1))) : Optional.empty();
                }
            }
        }

        Item save(Item item) throws SQLException {
            try (Connection connection = dataSource.getConnection();
                    PreparedStatement update = connection.prepareStatement("UPDATE item SET text = ? WHERE id = ?");
                    PreparedStatement insert =
                            connection.prepareStatement("INSERT INTO item (text, id) VALUES (?, ?)")) {
                for (PreparedStatement statement : List.of(update, insert)) {
                    statement.setString(1, item.text());
                    statement.setLong(2, item.id());
                    if (statement.executeUpdate() == 1) {
                        break;
                    }
                }
            }
            return item;
        }

        void delete(Long id) throws SQLException {
            try (Connection connection = dataSource.getConnection();
                    PreparedStatement delete = connection.prepareStatement("DELETE FROM item WHERE id = ?")) {
                delete.setLong(1, id);
                delete.executeUpdate();
            }
        }

        Map<Long, String> all() throws SQLException {
            Map<Long, String> all = new TreeMap<>();
            try (Connection connection = dataSource.getConnection();
                    PreparedStatement select = connection.prepareStatement("SELECT id, text FROM item");
                    ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    all.put(rows.getLong(1), rows.getString(2));
                }
            }
            return all;
        }
    }

    /** Two databases, pools and repositories; closed together. */
    private static final class Fixture implements AutoCloseable {
        private final List<AutoCloseable> owned = new ArrayList<>();
        final JoiningDataSource legacyDb;
        final JoiningDataSource targetDb;
        final Items legacy;
        final Items target;
        final AtomicBoolean targetIsDown = new AtomicBoolean();
        final AtomicInteger failures = new AtomicInteger();
        final Migration migration;
        final DualWriteRouter<Long, Item> router;

        Fixture(TestServer server) throws Exception {
            legacyDb = database(server);
            targetDb = database(server);
            legacy = new Items(legacyDb);
            target = new Items(targetDb);
            migration = Migration.named("items")
                    .store(store())
                    .stepBudget(Duration.ofSeconds(60))
                    .build();
            owned.add(migration);
            router = router(migration);
            owned.add(router);
        }

        DualWriteRouter<Long, Item> router(Migration of) {
            return DualWriteRouter.of(of)
                    .legacy(JdbcRecords.joining(legacyDb, Records.of(legacy::find, legacy::save, legacy::delete)))
                    .target(JdbcRecords.joining(targetDb, Records.of(target::find, this::saveInTarget, target::delete)))
                    .key(Item::id)
                    .longestWait(Duration.ofSeconds(60))
                    .repairEvery(Duration.ofMillis(100))
                    .build();
        }

        private Item saveInTarget(Item item) throws SQLException {
            if (targetIsDown.get()) {
                failures.incrementAndGet();
                throw new SQLException("target is down");
            }
            return target.save(item);
        }

        private JoiningDataSource database(TestServer server) throws Exception {
            TestDatabase database = server.fresh();
            owned.add(database);
            database.execute("CREATE TABLE item (id BIGINT PRIMARY KEY, text VARCHAR(100) NOT NULL)");
            HikariConfig config = new HikariConfig();
            config.setDataSource(database.dataSource());
            config.setMaximumPoolSize(12);
            HikariDataSource pool = new HikariDataSource(config);
            owned.add(pool);
            return new JoiningDataSource(pool);
        }

        JdbcMigrationStore store() {
            return new JdbcMigrationStore(legacyDb);
        }

        void at(Stage stage) {
            while (migration.current().stage() != stage) {
                Stage now = migration.current().stage();
                boolean onward = migration.current().compareTo(Position.of(stage)) < 0;
                migration.moveTo((onward ? now.next() : now.previous()).orElseThrow(), "test");
            }
        }

        void awaitNoDebt() {
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> router.repair() >= 0 && router.debt().isNone());
        }

        @Override
        public void close() throws Exception {
            for (int i = owned.size() - 1; i >= 0; i--) {
                owned.get(i).close();
            }
        }
    }

    /** A side that keeps its own role tells a node without a store whether it may be read. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void nodeThatHasLostItsStore_readsASideOnlyAsLongAsThatIsAuthoritative(TestServer server) throws Exception {
        AtomicBoolean isStoreDown = new AtomicBoolean();
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        try (Fixture fixture = new Fixture(server);
                Migration lonely = Migration.named("items")
                        .store(cutOff(fixture.store(), isStoreDown))
                        .node("lonely")
                        .time(now::get)
                        .refreshEvery(Duration.ofHours(1))
                        .build()) {
            fixture.at(Stage.DUAL_WRITE);
            lonely.refresh();
            fixture.store().leave("items", "lonely");
            fixture.at(Stage.SHADOW);
            lonely.refresh();
            try (DualWriteRouter<Long, Item> reader = fixture.router(lonely)) {
                fixture.router.write(new Item(1, "a"));
                fixture.awaitNoDebt();
                isStoreDown.set(true);
                now.set(Instant.EPOCH.plus(Duration.ofHours(3)));
                fixture.store().leave("items", "lonely"); // as its lease ends at the store
                assertThat(reader.read(1L)).hasValue(new Item(1, "a"));
                fixture.at(Stage.LIVE);
                fixture.router.write(new Item(1, "b"));
                assertThatThrownBy(() -> reader.read(1L)).isInstanceOf(LeaseExpiredException.class);
                isStoreDown.set(false);
                assertThat(reader.read(1L)).hasValue(new Item(1, "b"));
            }
        }
    }

    private static MigrationStore cutOff(MigrationStore store, AtomicBoolean isDown) {
        return (MigrationStore) Proxy.newProxyInstance(
                MigrationStore.class.getClassLoader(),
                new Class<?>[] {MigrationStore.class},
                (proxy, method, given) -> {
                    if (isDown.get()) {
                        throw new MigrationException("the store is down");
                    }
                    return method.invoke(store, given);
                });
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void noAcknowledgedWriteIsLostOrReadStale_whileTheLadderIsWalkedBothWays(TestServer server) throws Exception {
        try (Fixture fixture = new Fixture(server)) {
            assertThat(fixture.router.guarantee()).isEqualTo(Guarantee.EXACT);
            fixture.at(Stage.DUAL_WRITE); // before the first row: there is no backfill here
            ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
            Map<Long, String> acknowledged = new ConcurrentHashMap<>();
            AtomicBoolean isRunning = new AtomicBoolean(true);
            List<Future<Integer>> results = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                long first = (long) client * KEYS;
                Random random = new Random(client);
                results.add(clients.submit(() -> writeAndRead(fixture, first, random, acknowledged, isRunning)));
            }
            fixture.targetIsDown.set(true);
            await().until(() -> fixture.failures.get() > 3);
            fixture.targetIsDown.set(false);
            fixture.at(Stage.SHADOW);
            for (double share : new double[] {5, 25, 50}) {
                fixture.migration.moveTo(Stage.SHADOW.plusPercent(share), "test");
            }
            fixture.at(Stage.RAMP_DOWN);
            fixture.at(Stage.LIVE);
            fixture.migration.turnBackTo(Stage.SHADOW.plusPercent(30), "back");
            fixture.at(Stage.LIVE);
            isRunning.set(false);
            for (Future<Integer> result : results) {
                assertThat(result.get()).isPositive();
            }
            clients.shutdown();
            fixture.awaitNoDebt();
            assertThat(fixture.target.all()).isEqualTo(new TreeMap<>(acknowledged));
            assertThat(fixture.legacy.all()).isEqualTo(fixture.target.all());
        }
    }

    private static int writeAndRead(
            Fixture fixture, long first, Random random, Map<Long, String> acknowledged, AtomicBoolean isRunning) {
        int writes = 0;
        while (isRunning.get()) {
            long key = first + random.nextInt(KEYS);
            assertThat(fixture.router.read(key).map(Item::text).orElse("none"))
                    .isEqualTo(acknowledged.getOrDefault(key, "none"));
            if (random.nextInt(10) == 0) {
                fixture.router.delete(key);
                acknowledged.remove(key);
            } else {
                fixture.router.write(new Item(key, "w" + writes));
                acknowledged.put(key, "w" + writes);
            }
            writes++;
        }
        return writes;
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void debtOutlivesTheProcess(TestServer server) throws Exception {
        try (Fixture fixture = new Fixture(server)) {
            fixture.at(Stage.DUAL_WRITE);
            fixture.targetIsDown.set(true);
            fixture.router.write(new Item(1, "a"));
            fixture.router.close();
            fixture.migration.close();
            fixture.targetIsDown.set(false);
            try (Migration again =
                            Migration.named("items").store(fixture.store()).build();
                    DualWriteRouter<Long, Item> router = fixture.router(again)) {
                assertThat(again.current()).isEqualTo(Position.of(Stage.DUAL_WRITE));
                await().until(() -> router.repair() >= 0 && router.debt().isNone());
                assertThat(fixture.target.all()).containsExactly(Map.entry(1L, "a"));
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void rolledBackWrite_isNotOwed(TestServer server) throws Exception {
        try (Fixture fixture = new Fixture(server)) {
            fixture.at(Stage.DUAL_WRITE);
            IllegalStateException changedMind = new IllegalStateException("changed my mind");
            assertThatThrownBy(() -> fixture.legacyDb.inTransaction(() -> {
                        fixture.router.write(new Item(1, "a"));
                        throw changedMind;
                    }))
                    .isSameAs(changedMind);
            assertThat(fixture.router.debt().isNone()).isTrue();
            assertThat(fixture.legacy.all()).isEmpty();
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void transactionOfTheOtherSide_isRefusedWithWhatToDo(TestServer server) throws Exception {
        try (Fixture fixture = new Fixture(server)) {
            assertThatThrownBy(() -> fixture.targetDb.inTransaction(() -> fixture.router.write(new Item(1, "a"))))
                    .isInstanceOf(RefusedWriteException.class)
                    .hasMessageContaining("LEGACY is authoritative")
                    .hasMessageContaining("within(key, ..)");
            assertThat(fixture.legacy.all()).isEmpty();
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void within_runsTheCallersStatementsOnTheRightSide(TestServer server) throws Exception {
        try (Fixture fixture = new Fixture(server)) {
            fixture.at(Stage.LIVE);
            Side side = fixture.router.within(7L, work -> {
                try (PreparedStatement insert = work.unwrap(Connection.class)
                        .prepareStatement("INSERT INTO item (id, text) VALUES (7, 'own statement')")) {
                    insert.executeUpdate();
                }
                return work.side();
            });
            assertThat(side).isEqualTo(Side.TARGET);
            fixture.awaitNoDebt();
            assertThat(fixture.legacy.all()).containsExactly(Map.entry(7L, "own statement"));
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void stepThatWasCutOff_isEndedByTheNextRouter(TestServer server) throws Exception {
        try (Fixture fixture = new Fixture(server)) {
            fixture.at(Stage.SHADOW);
            fixture.router.close();
            var books = JdbcRecords.<Long, Item>of(
                            fixture.legacyDb, (c, k) -> Optional.empty(), (c, v) -> v, (c, k) -> {})
                    .books("items", Records.DEFAULT_NAME, Side.LEGACY);
            long epoch = fixture.migration.view().epoch();
            // What a controller leaves that dies after its fence: an epoch in the store, and a fenced side.
            fixture.store().change(Setting.Kind.POSITION, "items", epoch, "SHADOW", "test", "begins to step to LIVE");
            assertThat(books.assign(SegmentRange.ALL, Role.FENCED, true, epoch + 1))
                    .isTrue();
            try (DualWriteRouter<Long, Item> router = fixture.router(fixture.migration)) {
                router.write(new Item(1, "a"));
                assertThat(fixture.legacy.all()).containsExactly(Map.entry(1L, "a"));
            }
        }
    }
}
