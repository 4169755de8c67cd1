package dev.migrate.jdbc;

import static dev.migrate.Setting.Kind.POSITION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.Version;
import dev.migrate.internal.CanonicalKeys;
import dev.migrate.reconcile.Review;
import dev.migrate.replay.EventLog;
import dev.migrate.side.Debt;
import dev.migrate.side.Dismissal;
import dev.migrate.side.Owed;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.table.Chunks;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class JdbcSchemaIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final int NODES = 6;
    private static final Map<String, String> EMPTY =
            Map.of("postgresql", "''::bytea", "h2", "cast(X'' as blob)", "mariadb", "''");

    @ParameterizedTest
    @FieldSource("SERVERS")
    void severalNodesThatStartAtOnce_createItOnce(TestServer server) throws Exception {
        ExecutorService nodes = Executors.newFixedThreadPool(NODES);
        try (TestDatabase database = server.fresh();
                HikariDataSource pool = JdbcSideBooksContract.pool(database)) {
            CyclicBarrier start = new CyclicBarrier(NODES);
            List<Future<?>> started = new ArrayList<>();
            for (int node = 0; node < NODES; node++) {
                started.add(nodes.submit(() -> {
                    start.await();
                    JdbcMigrationStore store = new JdbcMigrationStore(pool);
                    store.createSchema();
                    return store.find(POSITION, "orders");
                }));
            }
            for (Future<?> node : started) {
                assertThat(node.get()).isEqualTo(Optional.empty());
            }
            JdbcSchema.validate(pool);
        } finally {
            nodes.shutdown();
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void unknownVersion_isRefusedByStoreAndRecords_withTheRemedy(TestServer server) throws Exception {
        try (SideFixture fixture = new SideFixture(server)) {
            fixture.database.execute(
                    "insert into migrate_schema_version (version, installed_at)" + " values (7, current_timestamp)");
            assertRefused(() -> new JdbcMigrationStore(fixture.pool).find(POSITION, "orders"));
            assertRefused(() -> new JdbcMigrationStore(fixture.pool).createSchema());
            assertRefused(() -> records(fixture).books("orders", "records", Side.LEGACY));
            assertRefused(() -> JdbcSchema.validate(fixture.pool));
        }
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable use) {
        assertThatThrownBy(use)
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("version 7")
                .hasMessageContaining("update migrate-jdbc");
    }

    private static JdbcRecords<String, String> records(SideFixture fixture) {
        return JdbcRecords.of(fixture.pool, (c, k) -> Optional.empty(), (c, v) -> v, (c, k) -> {});
    }

    /** Chunks that a node of an earlier version has claimed are those that this one leaves alone, and the other way around. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void nodeOfTheVersionBefore_goesOnWithItsChunks(TestServer server) throws Exception {
        try (TestDatabase database = server.fresh();
                HikariDataSource pool = JdbcSideBooksContract.pool(database)) {
            createVersion(5, database);
            String planned =
                    "insert into migrate_chunk (migration, records, generation, chunk, upto_key, state, token, claimed_by,"
                            + " claimed_until, attempts, rows_read, rows_written) values ('orders', 'records', 1, 2, 'l:9', 'OPEN', 1,"
                            + " 'v5', timestamp '2001-01-01 00:00:00', 1, 0, 0)";
            database.execute(planned);
            JdbcSchema.create(pool);
            Instant now = Instant.parse("2000-12-31T23:59:59Z");
            assertThat(chunks(pool).claim(new Chunks.Claim("v6", now, now.plusSeconds(1))))
                    .isEmpty();
            String doneByVersion5 =
                    "update migrate_chunk set state = 'DONE', claimed_until = null where chunk = 2 and token = 1";
            database.execute(doneByVersion5);
            assertThat(chunks(pool).progress()).isEqualTo(new Chunks.Progress(2, 2, 7, 6));
            database.execute(planned.replace("1, 2, 'l:9'", "1, 3, 'l:9'"));
            assertThat(chunks(pool).claim(new Chunks.Claim("v6", now.plusSeconds(1), now.plusSeconds(9))))
                    .hasValueSatisfying(chunk -> assertThat(chunk.number()).isEqualTo(3));
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void validate_refusesMissingTables_andTakesThoseOfTheScript(TestServer server) throws Exception {
        try (TestDatabase database = server.fresh()) {
            JdbcMigrationStore store = new JdbcMigrationStore(database.dataSource()).schema(SchemaMode.VALIDATE);
            assertThatThrownBy(() -> store.find(POSITION, "orders"))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("JdbcSchema.script(\"" + database.product() + "\")");
            assertThatThrownBy(() -> database.execute("select count(*) from migrate_setting"))
                    .isInstanceOf(SQLException.class);
            runByHand(database);
            assertThat(store.find(POSITION, "orders")).isEmpty();
            store.change(POSITION, "orders", 0, "LEGACY_ONLY", "ada", "created");
            assertThat(store.list(POSITION)).hasSize(1);
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void tablesOfAnEarlierVersion_areBroughtUp_andKeepWhatTheyHold(TestServer server) throws Exception {
        for (int before = 1; before < JdbcSchema.VERSION; before++) {
            try (TestDatabase database = server.fresh();
                    HikariDataSource pool = JdbcSideBooksContract.pool(database)) {
                createVersion(before, database);
                JdbcMigrationStore store = new JdbcMigrationStore(pool);
                assertThat(store.find(POSITION, "orders")).hasValueSatisfying(position -> {
                    assertThat(position.value()).isEqualTo("SHADOW + 5 %");
                    assertThat(position.version()).isEqualTo(9);
                });
                SideBooks books = store.books("orders", "records", Side.LEGACY);
                assertThat(books.owed("l:7")).hasValue(new Version(8, 41));
                assertThat(books.heldAmong(List.of("l:6"))).containsExactly("l:6");
                assertThat(books.debt().keys()).isEqualTo(1);
                EventLog log =
                        JdbcEventLogs.joining(new JoiningDataSource(pool)).log("orders", "events", Side.LEGACY);
                assertThat(log.debt(SegmentRange.ALL).events()).isEqualTo(before < 4 ? 0 : 1);
                assertThat(log.replay()).isEmpty();
                assertThat(books.repairs().latest(1)).isEmpty();
                assertThat(store.reviews("orders", "records").list(Review.State.OPEN, 2))
                        .extracting(Review::key)
                        .containsExactlyElementsOf(before < 5 ? List.of() : List.of("l:5"));
                assertThat(chunks(pool).progress()).isEqualTo(new Chunks.Progress(1, 1, 7, 6));
                assertThat(store.passes("orders", "records").latest(1)).isEmpty();
                JdbcSchema.validate(pool);
            }
        }
    }

    /** Beside a node of the version before, which knows of parked keys alone. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void nodeOfTheVersionBefore_takesADismissedKeyForAParkedOne(TestServer server) throws Exception {
        try (TestDatabase database = server.fresh();
                HikariDataSource pool = JdbcSideBooksContract.pool(database)) {
            createVersion(2, database);
            database.execute("update migrate_journal set parked = true, attempts = 20");
            SideBooks books = new JdbcMigrationStore(pool).books("orders", "records", Side.LEGACY);
            Dismissal dismissal = new Dismissal("ada", "closed", Instant.EPOCH);
            assertThat(books.owedKeys().dismiss("l:7", dismissal)).isTrue();
            assertThat(books.debt().dismissed()).isEqualTo(1);
            String claimedByVersion2 = "update migrate_journal set claimed_by = 'v2' where parked = false";
            database.execute(claimedByVersion2, "update migrate_journal set attempts = 21 where claimed_by = 'v2'");
            assertThat(books.owedKeys().dismissed(1)).extracting(Owed::attempts).containsExactly(20);
            String writtenByVersion2 = "update migrate_journal set seq = 42, attempts = 0, parked = false";
            database.execute(writtenByVersion2);
            assertThat(books.debt()).extracting(Debt::keys, Debt::dismissed).containsExactly(1L, 0L);
            String parkedByVersion2 = "update migrate_journal set attempts = 20, parked = true";
            database.execute(parkedByVersion2);
            assertThat(books.debt()).extracting(Debt::parked, Debt::dismissed).containsExactly(1L, 0L);
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void validate_refusesTablesOfAnEarlierVersion_andTakesThoseOfTheUpgradeScript(TestServer server) throws Exception {
        for (int before = 1; before < JdbcSchema.VERSION; before++) {
            try (TestDatabase database = server.fresh()) {
                createVersion(before, database);
                assertThatThrownBy(() -> JdbcSchema.validate(database.dataSource()))
                        .isInstanceOf(MigrationException.class)
                        .hasMessageContaining(
                                "JdbcSchema.upgradeScript(\"" + database.product() + "\", " + before + ")");
                runByHand(database, JdbcSchema.upgradeScript(database.product(), before));
                JdbcSchema.validate(database.dataSource());
            }
        }
    }

    private static JdbcChunks chunks(HikariDataSource pool) {
        return new JdbcChunks(new JoiningDataSource(pool), "orders", "records", 1);
    }

    @Test
    void upgradeFromAVersionThatIsNotEarlier_isRefused() {
        assertThatThrownBy(() -> JdbcSchema.upgradeScript("h2", JdbcSchema.VERSION))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("from must be between 0 and");
    }

    /** A database as an earlier version has left it, in the middle of a rollout and owing a key. */
    private static void createVersion(int last, TestDatabase database) throws SQLException {
        for (int version = 1; version <= last; version++) {
            runByHand(database, JdbcSchema.scriptOf(database.product(), version));
        }
        database.execute("insert into migrate_setting (kind, name, version, setting_value)"
                + " values ('POSITION', 'orders', 9, 'SHADOW + 5 %')");
        database.execute(
                "insert into migrate_journal (migration, records, side, record_key, segment, epoch, seq, since,"
                        + " attempts, not_before, parked)"
                        + " values ('orders', 'records', 'LEGACY', 'l:7', 3, 8, 41, current_timestamp, 0, current_timestamp, false)");
        database.execute(
                "insert into migrate_ledger (migration, records, side, record_key, segment, epoch, seq, deleted)"
                        + " values ('orders', 'records', 'LEGACY', 'l:6', 3, 8, 40, false)");
        runByHand(database, JdbcSchema.read(database.product(), "v1/" + database.product() + "-chunks.sql"));
        database.execute(
                "insert into migrate_chunk (migration, records, generation, chunk, upto_key, state, token, attempts, rows_read,"
                        + " rows_written) values ('orders', 'records', 1, 1, 'l:9', 'DONE', 1, 1, 7, 6)");
        if (last >= 5) {
            database.execute(
                    "insert into migrate_review (migration, records, record_key, version, cursor_text, kind, authoritative,"
                            + " fields, state, since, last_seen) values ('orders', 'records', 'l:5', 1, 'l:5', 'MISSING_IN_TARGET',"
                            + " 'LEGACY', '" + CanonicalKeys.encode(List.of())
                            + "', 'OPEN', current_timestamp, current_timestamp)");
        }
        if (last >= 4) {
            database.execute(
                    "insert into migrate_event (migration, records, side, record_key, segment, epoch, seq, due_epoch,"
                            + " due_seq, operation_id, event_type, payload, occurred_at) select migration, 'events', side, record_key,"
                            + " segment, epoch, seq, epoch, seq, 'op-1', 'paid', " + EMPTY.get(database.product())
                            + ", current_timestamp from migrate_ledger");
        }
    }

    /** As a schema tool would: statement by statement. */
    private static void runByHand(TestDatabase database) throws SQLException {
        runByHand(database, JdbcSchema.script(database.product()));
    }

    private static void runByHand(TestDatabase database, String script) throws SQLException {
        for (String statement : script.replaceAll("(?m)^--.*$", "").split(";\n")) {
            if (!statement.isBlank()) {
                database.execute(statement);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void creationThatWasCutOff_isCompleted(TestServer server) throws Exception {
        try (TestDatabase database = server.fresh()) {
            database.execute(
                    "create table migrate_schema_version (version integer primary key, installed_at timestamp not null)");
            JdbcSchema.create(database.dataSource());
            assertThatCode(() -> JdbcSchema.validate(database.dataSource())).doesNotThrowAnyException();
            database.execute("select count(*) from migrate_ledger");
        }
    }

    @Test
    void unknownProduct_isRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> JdbcSchema.script("oracle"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("postgresql, mariadb and h2")
                .hasMessageContaining("oracle");
    }

    @Test
    void databaseThatCannotBeReached_isAMigrationExceptionWithItsCause() throws Exception {
        SideFixture fixture = new SideFixture(new H2Server());
        JdbcMigrationStore store = new JdbcMigrationStore(fixture.pool);
        store.find(POSITION, "orders");
        fixture.close();
        assertThatThrownBy(() -> store.find(POSITION, "orders"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("read POSITION 'orders'")
                .hasCauseInstanceOf(SQLException.class);
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void tablesThatAreGone_areNamedWithTheRemedy(TestServer server) throws Exception {
        try (SideFixture fixture = new SideFixture(server)) {
            JdbcMigrationStore store = new JdbcMigrationStore(fixture.pool);
            store.find(POSITION, "orders");
            fixture.database.execute("drop table migrate_audit");
            assertThatThrownBy(() -> store.change(POSITION, "orders", 0, "a", "ada", "why"))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("JdbcSchema.create(dataSource)");
            assertThat(store.find(POSITION, "orders"))
                    .as("no change without its entry")
                    .isEmpty();
            store.createSchema();
            assertThat(store.change(POSITION, "orders", 0, "a", "ada", "why").version())
                    .isEqualTo(1);
        }
    }
}
