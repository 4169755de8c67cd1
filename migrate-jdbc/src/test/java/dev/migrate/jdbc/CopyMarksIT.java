package dev.migrate.jdbc;

import static dev.migrate.Side.LEGACY;
import static dev.migrate.Side.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Stage;
import dev.migrate.Version;
import dev.migrate.backfill.Backfill;
import dev.migrate.jdbc.Orders.Order;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.Acceptance;
import dev.migrate.store.InMemoryMigrationStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The library's own copies pass the trigger of the shadow, owe nothing back, and leave no open door behind them. */
class CopyMarksIT {
    static final List<TestServer> SERVERS = BypassFixture.SERVERS;

    /** A shadow with a trigger, whose pool has one connection, so that whoever comes next gets that of the copy. */
    private static final class Shadow implements AutoCloseable {
        final SideFixture fixture;
        final HikariDataSource single;
        final JoiningDataSource dataSource;
        final JdbcSideBooks books;

        Shadow(TestServer server, UnaryOperator<Dialect> variant) throws SQLException {
            fixture = new SideFixture(server);
            fixture.database.execute(Orders.ddl("orders"));
            HikariConfig config = new HikariConfig();
            config.setDataSource(fixture.database.dataSource());
            config.setMaximumPoolSize(1);
            single = new HikariDataSource(config);
            dataSource = new JoiningDataSource(single);
            JdbcTable table = JdbcTable.of(fixture.dataSource, "orders");
            table.books("orders", TARGET).assign(SegmentRange.ALL, Role.SHADOW, false, 1);
            Dialect dialect = variant.apply(JdbcSchema.ensure(dataSource, SchemaMode.VALIDATE));
            books = new JdbcSideBooks(
                    new BookId("orders", table.records(), TARGET), dataSource, dialect, InstantSource.system());
            try (Migration migration = Migration.named("orders")
                    .store(new InMemoryMigrationStore(InstantSource.system()))
                    .build()) {
                OwingTrigger.of(migration).target(table).install();
            }
        }

        Acceptance copy(long sequence, String statement) throws Exception {
            return books.inTransaction(() -> {
                Acceptance acceptance = books.accept("l:1", 1, new Version(1, sequence), false);
                SideFixture.execute(dataSource, statement);
                return acceptance;
            });
        }

        void assertClosedToOthers() {
            assertThatThrownBy(() -> SideFixture.execute(dataSource, "insert into orders (id) values (99)"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            failure -> assertThat(failure.getSQLState()).isEqualTo(SqlFailure.REFUSED));
        }

        @Override
        public void close() throws SQLException {
            single.close();
            fixture.close();
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void copyPasses_andTheNextWriteOnItsConnectionDoesNot(TestServer server) throws Exception {
        try (Shadow shadow = new Shadow(server, unchanged -> unchanged)) {
            shadow.assertClosedToOthers();
            assertThat(shadow.copy(5, "insert into orders (id) values (1)")).isEqualTo(Acceptance.ACCEPTED);
            shadow.assertClosedToOthers();
            assertThatThrownBy(() -> shadow.copy(6, "insert into orders (id) values (1)"))
                    .as("a copy that fails")
                    .isInstanceOf(SQLException.class);
            shadow.assertClosedToOthers();
            assertThatThrownBy(() -> shadow.copy(4, "insert into orders (id) values (2)"))
                    .as("one that was overtaken has nothing to write")
                    .hasMessageContaining("refuses this write");
            shadow.assertClosedToOthers();
            assertThat(shadow.fixture.count("select count(*) from migrate_journal"))
                    .isZero();
            assertThat(shadow.fixture.count("select count(*) from orders")).isEqualTo(1);
        }
    }

    /** As where keys of several records are copied together: whoever has opened the transaction need not be who has accepted. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void copyInATransactionOfOtherRecords_leavesNoMarkEither(TestServer server) throws Exception {
        try (Shadow shadow = new Shadow(server, unchanged -> unchanged)) {
            JdbcSideBooks others = new JdbcSideBooks(
                    new BookId("orders", "others", TARGET),
                    shadow.dataSource,
                    JdbcSchema.ensure(shadow.dataSource, SchemaMode.VALIDATE),
                    InstantSource.system());
            assertThatThrownBy(() -> others.inTransaction(() -> {
                        shadow.books.accept("l:1", 1, new Version(1, 5), false);
                        SideFixture.execute(shadow.dataSource, "insert into orders (id) values (1)");
                        throw new IllegalStateException("the next of the group fails");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            shadow.assertClosedToOthers();
        }
    }

    /** A broken variant: a mark that is the session's is not taken away, and whoever gets the connection next writes to the shadow. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void markThatIsNotTakenAway_letsOthersWriteToTheShadow(TestServer server) throws Exception {
        UnaryOperator<Dialect> neverEnds = real -> new DialectVariant(real) {
            @Override
            public void endCopies(Connection connection) {}
        };
        try (Shadow shadow = new Shadow(server, neverEnds)) {
            shadow.copy(5, "insert into orders (id) values (1)");
            if (new MariaDbDialect().product().equals(server.product())) {
                SideFixture.execute(shadow.dataSource, "insert into orders (id) values (99)");
                assertThat(shadow.fixture.count("select count(*) from orders")).isEqualTo(2);
            } else {
                shadow.assertClosedToOthers();
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void copies_oweNothingBack(TestServer server) throws Exception {
        try (BypassFixture fixture = new BypassFixture(server).withTriggers()) {
            fixture.at(Stage.DUAL_WRITE);
            fixture.router.write(new Order(1, "a"));
            fixture.router.write(new Order(2, "b"));
            fixture.router.delete(1L);
            assertThat(fixture.settled()).containsOnly(Map.of(2L, "b"));
            assertThat(fixture.count(TARGET, "select count(*) from migrate_journal"))
                    .isZero();
            fixture.at(Stage.LIVE);
            fixture.router.write(new Order(1, "c"));
            assertThat(fixture.settled()).containsOnly(Map.of(1L, "c", 2L, "b"));
            assertThat(fixture.count(LEGACY, "select count(*) from migrate_journal"))
                    .isZero();
        }
    }

    /** A copy takes the shadow's own cascades with it; where one meets a row of which this side has the authority, that row is owed. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void cascadeInsideACopy_passes_andIsOwedWhereThisSideHasTheAuthority(TestServer server) throws Exception {
        try (BypassFixture fixture = new BypassFixture(server).withTriggers()) {
            fixture.targetDatabase.execute("create table line (id bigint primary key, order_id bigint,"
                    + " foreign key (order_id) references orders (id) on delete cascade)");
            JdbcTable lines = JdbcTable.of(fixture.targetDb, "line").records("lines");
            SideBooks books = lines.books("orders", TARGET);
            books.assign(SegmentRange.ALL, Role.AUTHORITY, false, 1);
            OwingTrigger.of(fixture.migration).target(lines).install();
            fixture.at(Stage.DUAL_WRITE);
            for (long id : new long[] {1, 2}) {
                fixture.router.write(new Order(id, "a"));
                fixture.awaitNoDebt();
                fixture.past(TARGET, "insert into line values (" + (10 + id) + ", " + id + ")");
            }
            books.assign(SegmentRange.ALL, Role.SHADOW, false, 2);
            fixture.router.delete(1L);
            fixture.awaitNoDebt();
            assertThat(fixture.count(TARGET, "select count(*) from line")).isEqualTo(1);
            assertThat(books.debt().isNone()).isTrue();
            books.assign(SegmentRange.ALL, Role.AUTHORITY, true, 3);
            fixture.router.delete(2L);
            fixture.awaitNoDebt();
            assertThat(fixture.count(TARGET, "select count(*) from line")).isZero();
            assertThat(books.owed("l:12")).isPresent();
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void backfill_fillsAShadowThatHasATrigger(TestServer server) throws Exception {
        try (BypassFixture fixture = new BypassFixture(server).withTriggers()) {
            fixture.past(LEGACY, "insert into orders (id, content) values (1, 'a'), (2, 'b'), (3, 'c')");
            fixture.at(Stage.DUAL_WRITE);
            fixture.past(LEGACY, "update orders set content = 'b2' where id = 2");
            Backfill.of(fixture.migration)
                    .legacy(JdbcTable.of(fixture.legacyDb, "orders"))
                    .target(JdbcTable.of(fixture.targetDb, "orders"))
                    .mapping(dev.migrate.table.Mapping.byName().leaveOut("customer"))
                    .build()
                    .run();
            assertThat(fixture.settled()).containsOnly(Map.of(1L, "a", 2L, "b2", 3L, "c"));
            assertThat(fixture.count(TARGET, "select count(*) from migrate_journal"))
                    .isZero();
            assertThatThrownBy(() -> SideFixture.execute(fixture.targetDb, "delete from orders"))
                    .hasMessageContaining("refuses this write");
        }
    }

    /** The copy would commit with the caller's transaction, or never, while the debt were gone. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void workingOff_insideATransactionOfTheShadow_isRefused(TestServer server) throws Exception {
        try (BypassFixture fixture = new BypassFixture(server)) {
            fixture.at(Stage.DUAL_WRITE);
            fixture.awaitNoDebt();
            assertThatThrownBy(() -> fixture.targetDb.inTransaction(fixture.router::repair))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContainingAll("transaction of the TARGET side", "repair()");
        }
    }
}
